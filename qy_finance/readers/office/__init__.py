"""Files of office software: paragraphs and tables as they tell them themselves."""
