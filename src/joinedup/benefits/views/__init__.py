"""The pages of programmes and benefits."""
