package dev.watermill.join.internal;

import java.util.List;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamReader;
import dev.watermill.count.internal.ReorderCounters;
import dev.watermill.join.ArrivalPolicy;
import dev.watermill.join.JoinNode;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * What elements of a stream go through as they arrive, before they are accepted: first
 * leaps of keys are judged, then elements are brought into order. Nothing of it is there
 * where nothing of it was asked for. Immutable.
 */
final class Arrivals {

	private final JoinNode node;

	/** All expressions whose keys an element must have. */
	private final List<KeyFunction<?>> expressions;

	private final ReorderCounters counters;

	Arrivals(JoinNode node, List<KeyFunction<?>> expressions, ReorderCounters counters) {
		this.node = node;
		this.expressions = expressions;
		this.counters = counters;
	}

	/**
	 * Open the stream.
	 * @param lane who reads
	 * @param from where to read from, {@code null} for the start
	 * @throws BrokerException if it can't be opened there
	 */
	StreamReader<?> open(LaneId lane, @Nullable Position from) {
		ArrivalPolicy.Reorder reorder = this.node.arrival().reorder();
		if (reorder == null) {
			return openBelow(lane, ReorderPosition.withoutReorder(from));
		}
		ReorderPosition ordered = (from != null) ? ReorderPosition.of(from).orderedBy(reorder.by().description())
				: null;
		ArrivalKey key = new ArrivalKey(reorder.by(), reorder.within(), this.expressions);
		return new ReorderedReader(openBelow(lane, (ordered != null) ? ordered.first() : null), reorder, key,
				this.counters, ordered);
	}

	private StreamReader<?> openBelow(LaneId lane, @Nullable Position from) {
		StreamReader<?> reader = this.node.source().open(lane, (from != null) ? StepBatch.below(from) : null);
		ArrivalPolicy.MaxStep step = this.node.arrival().maxStep();
		return (step != null)
				? new StepReader(reader, step, new ArrivalKey(step.by(), step.step(), this.expressions), from) : reader;
	}

}
