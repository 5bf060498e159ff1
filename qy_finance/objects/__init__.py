"""What Jupyter shows of the objects of this package, each as a card (:mod:`qy_finance.cards`)."""
