"""Scrapy's commands where ours say more (the setting COMMANDS_MODULE)."""
