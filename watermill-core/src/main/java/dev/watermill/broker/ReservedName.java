package dev.watermill.broker;

/**
 * A name under which a broker keeps what belongs to one node or lane alone. Two of them
 * that share one would each go on where the other is.
 *
 * @param kind what is named, for example {@code consumer group}
 * @param name the name
 * @since 0.1.0
 */
public record ReservedName(String kind, String name) {

	@Override
	public String toString() {
		return this.kind + " '" + this.name + "'";
	}

}
