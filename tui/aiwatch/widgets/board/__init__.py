"""The board of quotes on Textual's Line API, with its summary and the overview of all lists."""
