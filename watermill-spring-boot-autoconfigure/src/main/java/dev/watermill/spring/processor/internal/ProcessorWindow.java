package dev.watermill.spring.processor.internal;

/**
 * How the annotation of a processing function cuts windows. What is not set is empty.
 *
 * @param by the expression for the window's key
 * @param size how long windows are
 * @param step how far behind one another they begin
 * @param offset how far behind 0 or the epoch one begins
 * @param gap how far apart the elements of a session may be
 * @param count how many elements a window has
 * @param every how long after its first element a window closes
 * @param function the name of a window function
 * @since 0.1.0
 */
public record ProcessorWindow(String by, String size, String step, String offset, String gap, String count,
		String every, String function) {

	/**
	 * Nothing says how windows are cut.
	 */
	public static final ProcessorWindow NONE = new ProcessorWindow("", "", "", "", "", "", "", "");

}
