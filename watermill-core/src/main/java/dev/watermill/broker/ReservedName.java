package dev.watermill.broker;

/**
 * A name under which a broker keeps what belongs to one node or lane alone. Two of them
 * that share one would each go on where the other is.
 *
 * @param kind what is named, for example {@code consumer group}
 * @param name the name
 * @param perLane whether each lane has one of its own, the name followed by a hyphen and
 * the number of the lane
 * @since 0.1.0
 */
public record ReservedName(String kind, String name, boolean perLane) {

	/**
	 * Create a name that all lanes share.
	 * @param kind what is named
	 * @param name the name
	 */
	public ReservedName(String kind, String name) {
		this(kind, name, false);
	}

	/**
	 * Whether this and another one are, or can be, the same: of a stream {@code in} whose
	 * lanes have a name each, and a stream {@code in-1}.
	 * @param other another name
	 * @return {@code true} if they can't both be used
	 */
	public boolean conflictsWith(ReservedName other) {
		return this.kind.equals(other.kind)
				&& ((this.perLane == other.perLane) ? this.name.equals(other.name) : isOfLane(other));
	}

	private boolean isOfLane(ReservedName other) {
		String family = this.perLane ? this.name : other.name;
		String single = this.perLane ? other.name : this.name;
		return single.startsWith(family + "-") && single.substring(family.length() + 1).matches("0|[1-9][0-9]*");
	}

	@Override
	public String toString() {
		return this.kind + " '" + this.name + (this.perLane ? "-<lane>'" : "'");
	}

}
