package dev.watermill.tck;

/**
 * The element of the kit's streams.
 *
 * @param number a number
 * @param text a text
 * @since 0.1.0
 */
public record Item(long number, String text) {

	/**
	 * Return an item made of a number.
	 * @param number the number
	 * @return an item with a text that needs more than ASCII
	 */
	public static Item of(long number) {
		return new Item(number, "grüße, \"" + number + "\"\n\u6c34\ud83d\udca7");
	}

}
