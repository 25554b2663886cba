from newsspider.cli import main

main()
