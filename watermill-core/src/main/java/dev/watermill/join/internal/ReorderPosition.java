package dev.watermill.join.internal;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.watermill.broker.BrokerException;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * Where a stream that is brought into order is taken up again. It is written down as the
 * position of the first element that is still needed, with more fields: of positions
 * besides it only what differs.
 *
 * @param first where the first element stands that is still needed
 * @param by the expression of the order
 * @param last the text of the greatest key that was let go, {@code null} if none was
 * @param behindLast where reading goes on behind the last element with that key that was
 * let go, {@code null} if that is not behind the first one that is needed
 * @param read how far was read, {@code null} if nothing that was read is still needed
 * @param passed the numbers of those elements up to there that have no place in the
 * order, and went on where they stood, {@code null} if there are none; {@link #UNKNOWN}
 * if there are too many
 */
record ReorderPosition(Position first, String by, @Nullable String last, @Nullable Position behindLast,
		@Nullable Position read, @Nullable String passed) {

	static final String UNKNOWN = "-";

	private static final String PREFIX = "order.";

	private static final String BY = PREFIX + "by";

	private static final String LAST = PREFIX + "last";

	private static final String BEHIND_LAST = PREFIX + "behind.";

	private static final String READ = PREFIX + "read.";

	private static final String PASSED = PREFIX + "passed";

	/** Stands for a field that a position does not have though the first one does. */
	private static final String NONE = "";

	static ReorderPosition of(Position position) {
		Position first = position.without(PREFIX);
		String by = position.text(BY);
		String last = position.text(LAST);
		return new ReorderPosition(first, (by != null) ? by : "", last, extract(position, BEHIND_LAST, first),
				extract(position, READ, first), position.text(PASSED));
	}

	private static @Nullable Position extract(Position position, String prefix, Position first) {
		Map<String, Object> fields = new LinkedHashMap<>(first.fields());
		boolean found = false;
		for (Map.Entry<String, Object> field : position.fields().entrySet()) {
			if (field.getKey().startsWith(prefix)) {
				found = true;
				String name = field.getKey().substring(prefix.length());
				if (field.getValue().equals(NONE)) {
					fields.remove(name);
				}
				else {
					fields.put(name, field.getValue());
				}
			}
		}
		return found ? Position.of(fields) : null;
	}

	/**
	 * The position as the reader below knows it, where nothing is brought into order.
	 * @throws BrokerException if elements were held that would come twice then
	 */
	static @Nullable Position withoutReorder(@Nullable Position position) {
		if (position == null || !position.has(BY)) {
			return position;
		}
		ReorderPosition ordered = of(position);
		if (ordered.read != null) {
			throw new BrokerException("was read in the order of '" + ordered.by + "' up to now, and elements are held "
					+ "that have yet to find their places: without this 'reorder' others would come twice. Set it "
					+ "again until the mill has completed, or reset the mill.");
		}
		return ordered.first;
	}

	/**
	 * This position for an order of another expression.
	 */
	ReorderPosition orderedBy(String other) {
		if (other.equals(this.by)) {
			return this;
		}
		if (this.read != null) {
			throw new BrokerException("was read in the order of '" + this.by + "' up to now, and elements are held "
					+ "that have yet to find their places: in the order of '" + other + "' others would come twice. "
					+ "Set 'reorder' as it was until the mill has completed, or reset the mill.");
		}
		return new ReorderPosition(this.first, other, null, null, null, null);
	}

	Position toPosition() {
		Map<String, Object> fields = new LinkedHashMap<>(this.first.fields());
		fields.put(BY, this.by);
		if (this.last != null) {
			fields.put(LAST, this.last);
		}
		add(fields, BEHIND_LAST, this.behindLast);
		add(fields, READ, this.read);
		if (this.passed != null) {
			fields.put(PASSED, this.passed);
		}
		return Position.of(fields);
	}

	private void add(Map<String, Object> fields, String prefix, @Nullable Position other) {
		if (other == null) {
			return;
		}
		other.fields().forEach((field, value) -> {
			if (!value.equals(this.first.fields().get(field))) {
				fields.put(prefix + field, value);
			}
		});
		this.first.fields().keySet().forEach((field) -> {
			if (!other.has(field)) {
				fields.put(prefix + field, NONE);
			}
		});
	}

}
