package dev.watermill.broker.file;

import java.io.IOException;

/**
 * How elements stand in a file. An instance reads a file once, forward, and may keep
 * where it stands between two calls; it begins wherever an element's mark is.
 */
interface ElementFormat {

	/**
	 * Add the elements that stand whole in the buffer, from its mark on. Which these are
	 * depends on the content of the file only, not on where windows end or reading began.
	 * <p>
	 * Where there is none yet, it is called again with a buffer that has more. What it
	 * then need not see again, it {@linkplain Elements#pass passes}: the buffer begins
	 * behind that.
	 * @param buffer the buffer
	 * @param elements where to add them
	 * @return whether the stream is over; never {@code false} without an element if the
	 * buffer is at the end of the file
	 * @throws IOException if there is no element yet, and the file is cut off or is not
	 * what it has to be
	 */
	boolean read(ReadBuffer buffer, Elements elements) throws IOException;

}
