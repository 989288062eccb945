"""The Card tab: the model card as it lies here, with what was read from it marked in place."""
