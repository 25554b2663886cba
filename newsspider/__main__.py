from newsspider.cli import main

if __name__ == "__main__":  # the processes that read pages import this, too
    main()
