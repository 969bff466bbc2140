"""What companies file with those who keep it: a filing as a value, and the table of the hosts that have them."""
