package dev.watermill.spring.mill;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.watermill.Mill;
import dev.watermill.broker.ReservedName;
import dev.watermill.broker.StreamSink;
import dev.watermill.engine.Output;
import dev.watermill.join.JoinNode;
import dev.watermill.spring.diagnostics.MillConfigurationException.MillConflictException;

/**
 * Which mill reads what another one writes. Immutable.
 */
final class MillNetwork {

	private final List<Mill> mills;

	private final Map<Object, Writer> writers = new HashMap<>();

	private final Map<Mill, Set<Mill>> upstream = new LinkedHashMap<>();

	/**
	 * Create a network.
	 * @param mills the mills
	 * @throws MillConflictException if they are in each other's way
	 */
	MillNetwork(List<Mill> mills) {
		this.mills = List.copyOf(mills);
		this.mills.forEach(this::addWriters);
		checkNames();
		this.mills.forEach((mill) -> this.upstream.put(mill, findUpstream(mill)));
		this.mills.forEach((mill) -> checkCycle(mill, new ArrayList<>()));
	}

	List<Mill> mills() {
		return this.mills;
	}

	/**
	 * Return the mills whose output has to be complete before a mill can start.
	 */
	Set<Mill> upstream(Mill mill) {
		return this.upstream.getOrDefault(mill, Set.of());
	}

	/**
	 * Return the mills that wait for a mill.
	 */
	List<Mill> downstream(Mill mill) {
		return this.mills.stream().filter((other) -> upstream(other).contains(mill)).toList();
	}

	/**
	 * Whether a mill writes what a node reads.
	 */
	boolean isWritten(JoinNode node) {
		return !writers(node).isEmpty();
	}

	private List<Writer> writers(JoinNode node) {
		return this.writers.entrySet()
			.stream()
			.filter((writer) -> node.source().reads(writer.getKey()))
			.map(Map.Entry::getValue)
			.toList();
	}

	private void addWriters(Mill mill) {
		for (Output output : mill.outputs()) {
			add(new Writer(mill, output, "the output stream '" + output.stream() + "'",
					"watermill.streams." + output.stream()));
		}
		Map<Object, Writer> deadLetters = new LinkedHashMap<>();
		mill.deadLetters()
			.forEach((stream, output) -> deadLetters.putIfAbsent(output.sink().resource(), new Writer(mill, output,
					"the dead letters of '" + stream + "'", "watermill.streams." + stream + ".dead-letter")));
		deadLetters.values().forEach(this::add);
	}

	private void add(Writer writer) {
		StreamSink<?> sink = writer.output().sink();
		this.writers.forEach((place, other) -> {
			if (sink.writes(place) && !(sink.isShared() && other.output().sink().isShared())) {
				throw onePlace(other, writer);
			}
		});
		this.writers.put(sink.resource(), writer);
	}

	private static MillConflictException onePlace(Writer first, Writer second) {
		return new MillConflictException(
				"Two output streams are bound to one place, " + second.output().sink().location() + ": " + first.what()
						+ " of the mill '" + first.mill().name() + "' and " + second.what() + " of the mill '"
						+ second.mill().name() + "'.",
				first.property().equals(second.property())
						? "Give the stream of one of them a name of its own with @ToStream or @FromStream."
						: "Bind one of them to another place, under " + first.property() + " or " + second.property()
								+ ", or give its stream a name of its own with @ToStream or @FromStream.");
	}

	/**
	 * Hyphens within names can make one of two, as of the mill 'a' with the stream 'b-c'
	 * and the mill 'a-b' with the stream 'c', or of a stream 'b-1' and lane 1 of 'b'.
	 */
	private void checkNames() {
		Map<ReservedName, String> owners = new HashMap<>();
		this.mills.forEach((mill) -> mill.reservedNames().forEach((name, owner) -> {
			owners.forEach((known, other) -> {
				if (known.conflictsWith(name)) {
					throw new MillConflictException(
							"The " + name + " would be that of " + other + " and of " + owner
									+ ": each would go on where the other is.",
							"Give one of the mills another name in @WaterMillProcessor(\"...\"), or one of the streams "
									+ "in @FromStream(\"...\").");
				}
			});
			owners.put(name, owner);
		}));
	}

	private Set<Mill> findUpstream(Mill mill) {
		Set<Mill> found = new LinkedHashSet<>();
		for (JoinNode node : mill.tree().nodes()) {
			for (Writer writer : writers(node)) {
				if (writer.mill() == mill) {
					throw new MillConflictException(
							"The mill '" + mill.name() + "' reads its own output: its stream '" + node.stream()
									+ "' and " + writer.what() + " are both bound to " + node.source().location() + ".",
							"Bind one of them to another place, under watermill.streams." + node.stream() + " or "
									+ writer.property() + ".");
				}
				if (node.source().isBatch()) {
					found.add(writer.mill());
				}
			}
		}
		return found;
	}

	private void checkCycle(Mill mill, List<Mill> path) {
		int seen = path.indexOf(mill);
		if (seen >= 0) {
			List<String> names = new ArrayList<>(path.subList(seen, path.size()).stream().map(Mill::name).toList());
			names.add(mill.name());
			throw new MillConflictException(
					"Mills wait for each other in a circle, each for the output of the next: "
							+ String.join(" -> ", names) + ".",
					"Bind one of the streams between them to another place, under watermill.streams.");
		}
		path.add(mill);
		upstream(mill).forEach((other) -> checkCycle(other, path));
		path.remove(path.size() - 1);
	}

	/**
	 * What a mill writes.
	 *
	 * @param what it, for people
	 * @param property what its place is named under
	 */
	private record Writer(Mill mill, Output output, String what, String property) {

	}

}
