package dev.watermill.spring.processor.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidJoinException;
import dev.watermill.spring.diagnostics.MillConfigurationException.UnknownStreamException;
import dev.watermill.spring.naming.internal.NearestName;
import dev.watermill.spring.naming.internal.RelaxedName;

import org.springframework.core.ResolvableType;

/**
 * Puts the streams of a signature into the order of a join tree: the master first, and
 * every parent before its children.
 */
final class JoinOrder {

	private final ProcessorSource source;

	private final StreamArguments arguments;

	private final List<ProcessorStream> streams = new ArrayList<>();

	JoinOrder(ProcessorSource source, StreamArguments arguments) {
		this.source = source;
		this.arguments = arguments;
		checkNames();
		StreamArgument master = arguments.master();
		this.streams.add(
				new ProcessorStream(master.name(), master.element(), null, "", "", ProcessorMatch.equal(false, false)));
		List<StreamArgument> placed = new ArrayList<>(List.of(master));
		List<Edge> open = new ArrayList<>();
		arguments.joined().forEach((stream) -> open.add(new Edge(parentOf(stream), stream)));
		while (!open.isEmpty()) {
			List<Edge> next = open.stream().filter((edge) -> placed.contains(edge.parent())).toList();
			if (next.isEmpty()) {
				throw loop(open.stream().map(Edge::child).toList());
			}
			next.forEach((edge) -> add(edge.child(), edge.parent()));
			next.forEach((edge) -> placed.add(edge.child()));
			open.removeAll(next);
		}
	}

	/**
	 * Return the streams, whose places in the list are those in the join tree.
	 */
	List<ProcessorStream> streams() {
		return this.streams;
	}

	/**
	 * Return the place of a stream in the join tree.
	 */
	int node(String name) {
		return this.streams.stream().map(ProcessorStream::name).toList().indexOf(name);
	}

	private void add(StreamArgument stream, StreamArgument parent) {
		Argument argument = stream.argument();
		ProcessorMatch match = argument.match(stream.form());
		stream.names()
			.forEach((name) -> this.streams.add(new ProcessorStream(name, stream.element(), parent.name(),
					argument.leftKey(), argument.rightKey(), match)));
	}

	private void checkNames() {
		Map<RelaxedName, String> names = new HashMap<>();
		all().flatMap((stream) -> stream.names().stream()).forEach((name) -> {
			if (names.put(RelaxedName.of(name), name) != null) {
				throw new InvalidJoinException(
						this.source.subject() + " has the stream '" + name + "' in its join tree twice.",
						"Give each of the two a name of its own with @FromStream, or an element type of its own; "
								+ "both names may be bound to one place.");
			}
		});
	}

	private Stream<StreamArgument> all() {
		return Stream.concat(Stream.of(this.arguments.master()), this.arguments.joined().stream());
	}

	private StreamArgument parentOf(StreamArgument stream) {
		List<StreamArgument> candidates = candidates(stream);
		String named = stream.argument().parentName();
		if (!named.isEmpty()) {
			return named(stream, named, candidates);
		}
		if (candidates.isEmpty()) {
			throw noParent(stream);
		}
		if (candidates.size() > 1 && candidates.get(0) != this.arguments.master()) {
			throw new InvalidJoinException(
					this.source.subject() + " joins its " + stream.argument().describe()
							+ " to one of several streams of that type: " + names(candidates) + ".",
					"Say which one with @JoinOn(parent = \"" + candidates.get(0).name() + "\").");
		}
		return candidates.get(0);
	}

	private List<StreamArgument> candidates(StreamArgument stream) {
		ResolvableType type = stream.parent();
		if (type == null) {
			return List.of(this.arguments.master());
		}
		return all().filter((other) -> other != stream && other.canBeParent())
			.filter((other) -> ElementTypes.same(other.element(), type))
			.toList();
	}

	private StreamArgument named(StreamArgument stream, String name, List<StreamArgument> candidates) {
		RelaxedName relaxed = RelaxedName.of(name);
		for (StreamArgument candidate : candidates) {
			if (RelaxedName.of(candidate.name()).equals(relaxed)) {
				return candidate;
			}
		}
		List<String> known = all().flatMap((other) -> other.names().stream()).toList();
		if (known.stream().map(RelaxedName::of).anyMatch(relaxed::equals)) {
			throw new InvalidJoinException(
					this.source.subject() + " joins its " + stream.argument().describe() + " to the stream '" + name
							+ "', which can't be its parent.",
					candidates.isEmpty() ? "Key the map by the type of the parent's elements."
							: "Its parent can be: " + names(candidates) + ".");
		}
		throw new UnknownStreamException(
				this.source.subject() + " joins its " + stream.argument().describe() + " to the stream '" + name
						+ "', which it does not have.",
				NearestName.question(name, known) + "Its streams are: " + String.join(", ", known) + ".");
	}

	private InvalidJoinException noParent(StreamArgument stream) {
		String subject = this.source.subject() + " joins its " + stream.argument().describe();
		if (stream.parent() != null && ElementTypes.same(stream.parent(), stream.element())) {
			return new InvalidJoinException(subject + " to itself.",
					"Key the map by the type of another stream argument's elements: a join tree has no loops.");
		}
		return new InvalidJoinException(subject + ", but no stream argument has the type of its keys.",
				"Key the map by the type of another stream argument's elements, which are of the types "
						+ String.join(", ",
								all().map((other) -> ElementTypes.describe(other.element())).distinct().toList())
						+ ".");
	}

	private InvalidJoinException loop(List<StreamArgument> streams) {
		return new InvalidJoinException(
				this.source.subject() + " joins streams in a loop, which leads nowhere to the master '"
						+ this.arguments.master().name() + "': " + names(streams) + ".",
				"Join one of them to the master, or to a stream that is joined to it.");
	}

	private static String names(List<StreamArgument> streams) {
		return String.join(", ", streams.stream().flatMap((stream) -> stream.names().stream()).toList());
	}

	private record Edge(StreamArgument parent, StreamArgument child) {

	}

}
