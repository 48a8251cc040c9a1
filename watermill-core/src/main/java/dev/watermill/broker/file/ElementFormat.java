package dev.watermill.broker.file;

/**
 * How elements stand in a file.
 */
interface ElementFormat {

	/**
	 * Add the elements that stand whole in the window, from its mark on. Which these are
	 * depends on the content of the file only, not on where windows end.
	 * @param window the window
	 * @param elements where to add them
	 * @return whether the stream is over; never {@code false} without an element if the
	 * window is at the end of the file
	 */
	boolean read(Window window, Elements elements);

}
