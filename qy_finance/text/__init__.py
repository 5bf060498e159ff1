"""What notebooks say: sentences in Markdown, one module a notebook, made of what the analyses computed."""
