package dev.watermill.spring.binding.internal;

import java.util.Set;

/**
 * A setting that streams of some kind may have.
 *
 * @param name the last element of the property's name, such as {@code end-mark}
 * @param meaning what a stream has that has it: a phrase with an article
 * @param use which streams it means something for
 * @since 0.1.0
 */
public record StreamSetting(String name, String meaning, Use use) {

	/**
	 * What reads elements.
	 */
	public static final StreamSetting DESERIALIZER = new StreamSetting("deserializer", "a deserializer", Use.READING);

	/**
	 * What writes results.
	 */
	public static final StreamSetting SERIALIZER = new StreamSetting("serializer", "a serializer", Use.WRITING);

	/**
	 * The key of a result's record.
	 */
	public static final StreamSetting KEY = new StreamSetting("key", "a key for its records", Use.WRITING);

	/**
	 * Settings that the mills hand on as they are.
	 */
	public static final StreamSetting PROPERTIES = new StreamSetting("properties", "settings for a broker", Use.BOTH);

	/**
	 * What streams of all kinds may have.
	 */
	static final Set<StreamSetting> COMMON = Set.of(
			new StreamSetting("on-invalid", "a policy for invalid elements", Use.READING),
			new StreamSetting("on-tombstone", "a policy for tombstones", Use.READING),
			new StreamSetting("on-disorder", "a policy for disorder", Use.READING),
			new StreamSetting("dead-letter", "a place for dead letters", Use.READING),
			new StreamSetting("max-step", "a largest step of its keys", Use.READING),
			new StreamSetting("reorder", "an order to be brought into", Use.READING),
			new StreamSetting("max-reorder-size", "a limit of what is brought into order", Use.READING));

	/**
	 * Which streams a setting means something for.
	 */
	public enum Use {

		/**
		 * Those that are read.
		 */
		READING,

		/**
		 * Those that are written.
		 */
		WRITING,

		/**
		 * All.
		 */
		BOTH

	}

}
