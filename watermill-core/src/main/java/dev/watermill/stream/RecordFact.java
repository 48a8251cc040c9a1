package dev.watermill.stream;

/**
 * What a record has besides its value.
 *
 * @since 0.1.0
 */
public enum RecordFact {

	/**
	 * Its key.
	 */
	KEY("keys"),

	/**
	 * When it was written or happened.
	 */
	TIMESTAMP("timestamps"),

	/**
	 * Its headers.
	 */
	HEADERS("headers");

	private final String plural;

	RecordFact(String plural) {
		this.plural = plural;
	}

	/**
	 * What records have that have it, in words.
	 * @return for example {@code timestamps}
	 */
	public String plural() {
		return this.plural;
	}

}
