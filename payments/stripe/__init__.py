"""Money through Stripe: asked for, received, given back, paid out to our bank."""
