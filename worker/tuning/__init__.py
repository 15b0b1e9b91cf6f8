"""What operators ask before and after they change a watch: explanations, backtests, differences, suggestions, notes."""
