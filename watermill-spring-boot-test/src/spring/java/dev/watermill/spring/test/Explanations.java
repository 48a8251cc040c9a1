package dev.watermill.spring.test;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import dev.watermill.Mill;
import dev.watermill.join.JoinNode;
import dev.watermill.join.JoinTree;
import dev.watermill.key.KeyFunction;

/**
 * Explains by what stands in streams now.
 */
final class Explanations {

	private final Collection<Mill> mills;

	private final TestedStreams streams;

	Explanations(Collection<Mill> mills, TestedStreams streams) {
		this.mills = mills;
		this.streams = streams;
	}

	/**
	 * Explain elements of a stream that have a key, for all mills that read it.
	 */
	Explanation of(String stream, Object key) {
		List<String> lines = new ArrayList<>();
		boolean delivered = false;
		for (Mill mill : this.mills) {
			List<JoinNode> nodes = mill.tree().nodes();
			for (int node = 0; node < nodes.size(); node++) {
				if (nodes.get(node).stream().equals(stream)) {
					Explanation explanation = new Explainer(join(mill.tree())).explain(node, key);
					delivered |= explanation.delivered();
					lines.addAll(explanation.lines());
				}
			}
		}
		return new Explanation(delivered, lines);
	}

	/**
	 * Return what matches what of all that stands in the streams of a mill.
	 */
	KnownJoin join(JoinTree tree) {
		List<KnownElements> elements = new ArrayList<>();
		for (int node = 0; node < tree.nodes().size(); node++) {
			elements.add(read(tree, node));
		}
		return new KnownJoin(tree, elements);
	}

	private KnownElements read(JoinTree tree, int node) {
		JoinNode known = tree.nodes().get(node);
		KnownElements elements = new KnownElements(known.stream());
		JsonDecoding decoding = this.streams.decoding(known.stream());
		List<KeyFunction<?>> others = new ArrayList<>(tree.equalities(node));
		List<KeyFunction<?>> ordered = tree.keys(node);
		if (known.arrival().reorder() != null) {
			// whatever comes is brought into order first
			others.addAll(ordered);
			ordered = List.of();
		}
		List<MemoryRecord> records = this.streams.records(this.streams.placeOf(known.stream()));
		for (int i = 0; i < records.size(); i++) {
			elements.add(i, decoding.decode(records.get(i)), records.get(i), ordered, others);
		}
		return elements;
	}

}
