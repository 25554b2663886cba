"""The archive in a browser: Datasette with titles, questions, a search box, curves and the stored pages. Read-only; safe beside a crawl."""
