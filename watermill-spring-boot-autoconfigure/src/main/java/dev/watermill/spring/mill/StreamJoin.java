package dev.watermill.spring.mill;

import dev.watermill.JoinCondition;
import dev.watermill.delivery.Input;
import dev.watermill.join.JoinKind;
import dev.watermill.key.KeySpan;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidJoinException;
import dev.watermill.spring.processor.internal.ProcessorMatch;
import dev.watermill.spring.processor.internal.ProcessorStream;
import dev.watermill.spring.properties.JoinProperties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which elements of a stream match, as annotations and settings have it: the
 * signature says the kind of the join, settings how far keys may be apart.
 */
final class StreamJoin {

	private static final Logger logger = LoggerFactory.getLogger(StreamJoin.class);

	private final String mill;

	private final ProcessorStream parent;

	private final ProcessorStream stream;

	private final ProcessorMatch match;

	private final JoinProperties settings;

	private final String prefix;

	/**
	 * Create a join.
	 * @param mill the name of the mill
	 * @param parent the parent
	 * @param stream the joined stream
	 * @param settings the settings
	 * @param prefix that of their names
	 */
	StreamJoin(String mill, ProcessorStream parent, ProcessorStream stream, @Nullable JoinProperties settings,
			String prefix) {
		this.mill = mill;
		this.parent = parent;
		this.stream = stream;
		this.match = stream.match();
		this.settings = (settings != null) ? settings : new JoinProperties();
		this.prefix = prefix + stream.name() + ".";
	}

	Input<Object> of(JoinCondition<Object, Object>.Matches matches) {
		refuseOfOtherKinds();
		return switch (this.match.kind()) {
			case AS_OF -> asOf(matches);
			case WITHIN -> within(matches);
			case EQUAL -> equal(matches);
		};
	}

	private Input<Object> equal(JoinCondition<Object, Object>.Matches matches) {
		if (this.match.optional()) {
			return this.match.first() ? matches.optional().first() : matches.optional().many();
		}
		return this.match.first() ? matches.first() : matches.many();
	}

	private Input<Object> asOf(JoinCondition<Object, Object>.Matches matches) {
		JoinKind.Direction direction = this.match.direction();
		JoinCondition<Object, Object>.AsOfMatch asOf = (direction != null) ? matches.asOf(direction) : matches.asOf();
		KeySpan tolerance = distance("tolerance", this.settings.getTolerance(), this.match.tolerance());
		if (tolerance != null) {
			asOf.tolerance(tolerance);
		}
		if (!this.match.exact()) {
			asOf.notExact();
		}
		JoinKind.By by = by();
		if (by != null) {
			asOf.by(by);
			if (tolerance == null && direction == JoinKind.Direction.BACKWARD) {
				logger.info(
						"The mill '{}' holds the last element of '{}' for each value of '{}', however old: it is taken "
								+ "up again at the oldest of them. A tolerance bounds that.",
						this.mill, this.stream.name(), by.right().description());
			}
		}
		return this.match.optional() ? asOf.optional() : asOf.match();
	}

	private Input<Object> within(JoinCondition<Object, Object>.Matches matches) {
		KeySpan before = distance("before", this.settings.getBefore(), this.match.before());
		KeySpan after = distance("after", this.settings.getAfter(), this.match.after());
		JoinCondition<Object, Object>.WithinMatches within = matches.within((before != null) ? before : KeySpan.ZERO,
				(after != null) ? after : KeySpan.ZERO);
		JoinKind.By by = by();
		if (by != null) {
			within.by(by);
		}
		return this.match.optional() ? within.optional() : within.many();
	}

	private void refuseOfOtherKinds() {
		boolean asOf = this.match.kind() == ProcessorMatch.Kind.AS_OF;
		boolean within = this.match.kind() == ProcessorMatch.Kind.WITHIN;
		refuse("tolerance", this.settings.getTolerance(), asOf, "@AsOf");
		refuse("before", this.settings.getBefore(), within, "@Within");
		refuse("after", this.settings.getAfter(), within, "@Within");
		refuse("by", this.settings.getBy(), asOf || within, "@AsOf or @Within");
		refuse("by-left", this.settings.getByLeft(), asOf || within, "@AsOf or @Within");
		refuse("by-right", this.settings.getByRight(), asOf || within, "@AsOf or @Within");
	}

	private void refuse(String name, @Nullable String value, boolean meaningful, String annotation) {
		if (value != null && !meaningful) {
			throw new InvalidJoinException(
					"The property " + this.prefix + name + " is set, but the mill '" + this.mill + "' does not join '"
							+ this.stream.name() + "' so: settings change keys, and the signature the kind of a join.",
					"Put " + annotation + " on the argument, or remove " + this.prefix + name + ".");
		}
	}

	private @Nullable KeySpan distance(String name, @Nullable String configured, String annotated) {
		String text = (configured != null) ? configured : annotated;
		if (text.isEmpty()) {
			return null;
		}
		try {
			return DistanceText.parse(text);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidJoinException(
					"The join of '" + this.stream.name() + "' to '" + this.parent.name() + "' in the mill '" + this.mill
							+ "' has the distance '" + name + "' " + text + ", which is none.",
					"Write a number that is not negative, in the unit of the keys, or a duration such as 5s, in "
							+ ((configured != null) ? this.prefix + name : "the annotation of the argument") + ".");
		}
	}

	private JoinKind.@Nullable By by() {
		String both = this.settings.getBy();
		boolean sides = this.settings.getByLeft() != null || this.settings.getByRight() != null;
		if (both != null && sides) {
			throw new InvalidJoinException(
					"The property " + this.prefix + "by is set, and by-left or by-right as well.",
					"Keep by alone if the expression is the same on both sides, or else by-left and by-right.");
		}
		KeyExpression left = expression("by-left", (both != null) ? both : this.settings.getByLeft(),
				this.match.byLeft());
		KeyExpression right = expression("by-right", (both != null) ? both : this.settings.getByRight(),
				this.match.byRight());
		if (left.text().isEmpty() && right.text().isEmpty()) {
			return null;
		}
		if (left.text().isEmpty() || right.text().isEmpty()) {
			throw new InvalidJoinException("The join of '" + this.stream.name() + "' to '" + this.parent.name()
					+ "' in the mill '" + this.mill + "' says of one side only what has to be equal.",
					"Set by, or byLeft and byRight.");
		}
		String what = "What has to be equal at the join of '" + this.stream.name() + "' to '" + this.parent.name()
				+ "' in the mill '" + this.mill + "'";
		return new JoinKind.By(left.compile(this.parent.type(), what), right.compile(this.stream.type(), what));
	}

	private KeyExpression expression(String name, @Nullable String configured, String annotated) {
		return (configured != null)
				? new KeyExpression(configured, this.prefix + ((this.settings.getBy() != null) ? "by" : name))
				: new KeyExpression(annotated, "the annotation of the argument");
	}

}
