package dev.watermill.spring.test;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

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
			JoinTree tree = mill.tree();
			for (int node = 0; node < tree.nodes().size(); node++) {
				if (tree.nodes().get(node).stream().equals(stream)) {
					for (Explanation explanation : of(tree, node, key)) {
						delivered |= explanation.delivered();
						lines.addAll(explanation.lines());
					}
				}
			}
		}
		return new Explanation(delivered, lines);
	}

	/**
	 * Explain elements of a node, in the lanes where there are any.
	 */
	private List<Explanation> of(JoinTree tree, int node, Object key) {
		List<Explainer> lanes = IntStream.range(0, lanes(tree))
			.mapToObj((lane) -> new Explainer(join(tree, lane), node, key))
			.toList();
		List<Explainer> having = lanes.stream().filter(Explainer::hasAny).toList();
		return (having.isEmpty() ? lanes : having).stream().map(Explainer::explain).toList();
	}

	private int lanes(JoinTree tree) {
		return tree.nodes()
			.stream()
			.map(JoinNode::stream)
			.filter((stream) -> this.streams.useOf(stream) == StreamUse.PARTITIONED)
			.mapToInt(this::partitions)
			.max()
			.orElse(1);
	}

	private int partitions(String stream) {
		return records(stream).stream().mapToInt(MemoryRecord::partition).max().orElse(0) + 1;
	}

	private List<MemoryRecord> records(String stream) {
		return this.streams.records(this.streams.placeOf(stream));
	}

	/**
	 * Return what matches what of all that a lane reads of the streams of a mill.
	 */
	KnownJoin join(JoinTree tree, int lane) {
		List<KnownElements> elements = new ArrayList<>();
		for (int node = 0; node < tree.nodes().size(); node++) {
			elements.add(read(tree, node, lane));
		}
		return new KnownJoin(tree, elements);
	}

	private KnownElements read(JoinTree tree, int node, int lane) {
		JoinNode known = tree.nodes().get(node);
		StreamUse use = this.streams.useOf(known.stream());
		KnownElements elements = new KnownElements();
		JsonDecoding decoding = this.streams.decoding(known.stream());
		List<KeyFunction<?>> others = new ArrayList<>(tree.equalities(node));
		List<KeyFunction<?>> ordered = tree.keys(node);
		if (known.arrival().reorder() != null || use == StreamUse.MERGED) {
			// whatever comes is brought into order first
			others.addAll(ordered);
			ordered = List.of();
		}
		boolean several = partitions(known.stream()) > 1;
		Map<Integer, Integer> next = new HashMap<>();
		for (MemoryRecord record : records(known.stream())) {
			int index = next.merge(record.partition(), 1, Integer::sum) - 1;
			if (use != StreamUse.PARTITIONED || record.partition() == lane) {
				String name = known.stream() + (several ? "-" + record.partition() : "") + "[" + index + "]";
				elements.add(name, decoding.decode(record), record, ordered, others);
			}
		}
		return elements;
	}

}
