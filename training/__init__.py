"""How the shipped models were made: data, augmentation, training, figures; README.md is the model card."""
