package dev.watermill;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import dev.watermill.join.ArrivalPolicy;
import dev.watermill.join.JoinNode;
import dev.watermill.join.JoinTree;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.RecordFact;
import org.jspecify.annotations.Nullable;

/**
 * Sees that streams have what keys are computed of.
 */
final class RecordFactCheck {

	private final String mill;

	RecordFactCheck(String mill) {
		this.mill = mill;
	}

	/**
	 * Check all keys on all streams.
	 * @throws MissingFactException if records of a stream don't have what one of them is
	 * computed of
	 */
	void check(JoinTree tree) {
		for (int i = 0; i < tree.nodes().size(); i++) {
			JoinNode node = tree.nodes().get(i);
			List<@Nullable KeyFunction<?>> keys = new ArrayList<>(tree.requiredKeys(i));
			keys.addAll(tree.equalities(i));
			ArrivalPolicy arrival = node.arrival();
			keys.add((arrival.reorder() != null) ? arrival.reorder().by() : null);
			keys.add((arrival.maxStep() != null) ? arrival.maxStep().by() : null);
			keys.stream().filter(Objects::nonNull).forEach((key) -> check(node, key));
		}
	}

	private void check(JoinNode node, @Nullable KeyFunction<?> key) {
		if (!(key instanceof KeyFunction.OfRecord<?> ofRecord)) {
			return;
		}
		Set<RecordFact> known = node.source().recordFacts();
		for (RecordFact fact : ofRecord.facts()) {
			if (!known.contains(fact)) {
				throw new MissingFactException("The key '" + key.description() + "' of the stream '" + node.stream()
						+ "' of the mill '" + this.mill + "' is computed of the " + fact.plural()
						+ " of its records, but " + node.source().location() + " has no " + fact.plural(),
						node.stream());
			}
		}
	}

}
