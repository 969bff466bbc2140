"""The commands that fetch price history and work with it. They may import pandas, once their options are read."""
