package dev.watermill.join;

import java.time.Duration;
import java.time.LocalDate;

import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;
import dev.watermill.key.internal.KeyDistance;
import dev.watermill.key.internal.KeyKind;
import org.jspecify.annotations.Nullable;

/**
 * Whether elements can be joined in a way, as far as their types tell.
 */
final class JoinKindCheck {

	private final String streams;

	private final JoinNode node;

	JoinKindCheck(JoinNode parent, JoinNode node) {
		this.streams = "The streams '" + parent.stream() + "' and '" + node.stream() + "' can't be joined: ";
		this.node = node;
	}

	/**
	 * Check how a stream is joined.
	 * @param left the left key
	 * @param right the right key
	 * @throws IllegalArgumentException if it can't be joined so
	 */
	void check(KeyFunction<?> left, KeyFunction<?> right) {
		JoinKind kind = this.node.kind();
		if (kind instanceof JoinKind.AsOf asOf) {
			checkMeasurable("left", left);
			checkMeasurable("right", right);
			checkSpan("tolerance", asOf.tolerance(), left);
			checkSpan("tolerance", asOf.tolerance(), right);
			if (asOf.by() != null && asOf.tolerance() == null && asOf.direction() != JoinKind.Direction.BACKWARD) {
				throw new IllegalArgumentException(this.streams
						+ "looking forward for an element of which something else is equal has no end without a "
						+ "tolerance. Say how far a match may be.");
			}
			checkTake(JoinNode.Take.FIRST, "as of gives one match");
		}
		else if (kind instanceof JoinKind.Within within) {
			checkMeasurable("left", left);
			checkMeasurable("right", right);
			checkSpan("distance before", within.before(), left);
			checkSpan("distance before", within.before(), right);
			checkSpan("distance after", within.after(), left);
			checkSpan("distance after", within.after(), right);
			checkOneKind(within.before(), within.after());
			checkTake(JoinNode.Take.ALL, "within gives all matches");
		}
		JoinKind.By by = kind.by();
		if (by != null) {
			checkBy(by);
		}
	}

	private void checkMeasurable(String side, KeyFunction<?> key) {
		if (!KeyDistance.isMeasurable(key.type())) {
			throw new IllegalArgumentException(this.streams + "the " + side + " key '" + key.description() + "' is "
					+ KeyKind.ofType(key.type()) + ", and nothing says how far two of these are apart. Choose a "
					+ "number, an instant, or a local date with or without a time.");
		}
	}

	private void checkSpan(String name, @Nullable KeySpan span, KeyFunction<?> key) {
		if (span == null || !KeyKind.ofType(key.type()).isKnown()) {
			return;
		}
		Duration duration = span.duration();
		if (!KeyDistance.isTime(key.type())) {
			if (span.number() == null) {
				throw new IllegalArgumentException(this.streams + "the " + name + " is a duration, " + span
						+ ", but the key '" + key.description() + "' is a number. Give it in the unit of the key.");
			}
		}
		else if (duration == null) {
			throw new IllegalArgumentException(this.streams + "the " + name + " is a number, " + span
					+ ", but the key '" + key.description() + "' is a time. Give it as a duration, such as 5s.");
		}
		else if (key.type() == LocalDate.class && !Duration.ofDays(duration.toDays()).equals(duration)) {
			throw new IllegalArgumentException(this.streams + "the " + name + " is " + span + ", but the key '"
					+ key.description() + "' is a date. Give it in whole days.");
		}
	}

	/**
	 * What types of keys do not tell: one of the two would make all elements invalid.
	 */
	private void checkOneKind(KeySpan before, KeySpan after) {
		boolean numbers = before.number() != null && after.number() != null;
		boolean durations = before.duration() != null && after.duration() != null;
		if (!numbers && !durations) {
			throw new IllegalArgumentException(this.streams + "of the distances before, " + before + ", and after, "
					+ after + ", one is a number and one a duration. Give both in the unit of the key.");
		}
	}

	private void checkTake(JoinNode.Take take, String what) {
		if (this.node.take() != take) {
			throw new IllegalArgumentException(this.streams + what + ", and " + ((take == JoinNode.Take.FIRST)
					? "all are asked for. Ask for one." : "one is asked for. Ask for all."));
		}
	}

	private void checkBy(JoinKind.By by) {
		KeyKind left = KeyKind.ofType(by.left().type());
		KeyKind right = KeyKind.ofType(by.right().type());
		if (!left.comparesWith(right)) {
			throw new IllegalArgumentException(this.streams + "what has to be equal, '" + by.left().description()
					+ "' and '" + by.right().description() + "', is " + left + " and " + right
					+ ". Choose expressions of one kind.");
		}
	}

}
