"""What the layers around every route are made of."""
