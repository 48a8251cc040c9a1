package dev.watermill.spring.processor.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidJoinException;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidWindowException;

import org.springframework.core.ResolvableType;

/**
 * Separates the arguments that are streams from the others. An argument without an
 * annotation is one if it is a map keyed by the type of another one, wherever that
 * stands; so the streams are found from the master on, until no more are.
 */
final class StreamArguments {

	private final ProcessorSource source;

	private final StreamArgument master;

	private final List<StreamArgument> joined = new ArrayList<>();

	StreamArguments(ProcessorSource source, List<Argument> arguments) {
		this.source = source;
		this.master = master(arguments);
		List<Argument> open = new ArrayList<>(arguments.subList(1, arguments.size()));
		open.removeIf(Argument::isContext);
		addMarked(open);
		while (addKeyedByKnown(open)) {
			continue;
		}
		this.joined.forEach(this::check);
	}

	StreamArgument master() {
		return this.master;
	}

	List<StreamArgument> joined() {
		return this.joined;
	}

	boolean isWindowed() {
		return this.master.form() == StreamArgument.Form.LIST;
	}

	Optional<StreamArgument> of(Argument argument) {
		if (argument == this.master.argument()) {
			return Optional.of(this.master);
		}
		return this.joined.stream().filter((stream) -> stream.argument() == argument).findFirst();
	}

	private StreamArgument master(List<Argument> arguments) {
		if (arguments.isEmpty()) {
			throw this.source.refuse("has no argument",
					"Let its first argument be an element of the stream to process, or a List of them for windows.");
		}
		Argument first = arguments.get(0);
		StreamArgument stream = StreamArgument.master(first);
		if (first.isContext() || !ElementTypes.isElement(stream.element())) {
			throw this.source.refuse("has as its first " + first.describe() + ", which is no element of a stream",
					"Let the first argument be a record, a bean, a JsonNode or a Map<String, Object>, or a List of "
							+ "one of them for windows; the others follow.");
		}
		if (first.isJoined() || stream.names().size() > 1) {
			throw this.source.refuse(
					"has a first " + first.describe() + " that is joined to something, or is several "
							+ "streams; but it is the master, to which the others are joined",
					"Remove @JoinOn, @AsOf and @Within from it and name one stream, or change the order of the arguments.");
		}
		if (first.window() != null && !first.isList()) {
			throw new InvalidWindowException(
					this.source.subject() + " has @WindowBy on its " + first.describe() + ", which is one element.",
					"Make the argument a List<" + ElementTypes.describe(first.type()) + ">, or remove @WindowBy.");
		}
		return stream;
	}

	private void addMarked(List<Argument> open) {
		List<Argument> marked = open.stream().filter(Argument::isMarkedAsStream).toList();
		open.removeAll(marked);
		// A Map<String, Object> is an element, unless there is a stream of texts it may
		// be keyed by
		List<Argument> ambiguous = marked.stream()
			.filter((argument) -> ElementTypes.isObjectMap(argument.type()))
			.toList();
		marked.stream()
			.filter((argument) -> !ambiguous.contains(argument))
			.forEach((argument) -> this.joined
				.add(argument.isMap() ? StreamArgument.map(argument) : StreamArgument.plain(argument)));
		ambiguous.forEach((argument) -> this.joined
			.add(isKeyedByKnown(argument) ? StreamArgument.map(argument) : StreamArgument.plain(argument)));
	}

	private boolean addKeyedByKnown(List<Argument> open) {
		List<Argument> keyed = open.stream().filter(this::isKeyedByKnown).toList();
		keyed.forEach((argument) -> this.joined.add(StreamArgument.map(argument)));
		open.removeAll(keyed);
		return !keyed.isEmpty();
	}

	private boolean isKeyedByKnown(Argument argument) {
		if (!argument.isMap() || !argument.type().hasGenerics()) {
			return false;
		}
		ResolvableType key = argument.generic(0);
		return ElementTypes.same(key, this.master.element())
				|| this.joined.stream().anyMatch((stream) -> ElementTypes.same(key, stream.element()));
	}

	private void check(StreamArgument stream) {
		Argument argument = stream.argument();
		if (!ElementTypes.isElement(stream.element())) {
			throw this.source.refuse(
					"joins with its " + argument.describe() + " elements of type "
							+ ElementTypes.describe(stream.element()) + ", which are no elements of a stream",
					"Elements C of a stream, and P of its parent, are records, beans, JsonNodes or Map<String, Object>s. "
							+ "For one match make the argument a C or a Map<P, C>; for at most one an Optional<C> or a "
							+ "Map<P, Optional<C>>; for all a List<C> or a Map<P, List<C>>, which may be empty with "
							+ "@JoinOn(optional = true).");
		}
		if (stream.names().size() > 1 && stream.form() != StreamArgument.Form.MAP_OF_LISTS) {
			throw this.source.refuse("names several streams on its " + argument.describe(),
					"Make it a Map<P, List<C>>, or name one stream.");
		}
		if (!stream.isMap() && isWindowed()) {
			throw this.source.refuse(
					"has a window, but joins with its " + argument.describe()
							+ " something that belongs to one element of it",
					"Make it a Map keyed by " + ElementTypes.describe(this.master.element())
							+ ", whose values are what belongs to each element of the window.");
		}
		if (argument.hasTooManyKeys()) {
			throw new InvalidJoinException(
					this.source.subject() + " has a @JoinOn with value and with left or right on its "
							+ argument.describe() + ".",
					"Keep value alone if the expression is the same on both sides, or else left and right.");
		}
		checkKind(stream);
		if (argument.window() != null) {
			throw new InvalidWindowException(
					this.source.subject() + " has @WindowBy on its " + argument.describe()
							+ ", which is not the first.",
					"Only the master has windows: put @WindowBy on the first argument.");
		}
	}

	private void checkKind(StreamArgument stream) {
		Argument argument = stream.argument();
		StreamArgument.Form form = stream.form();
		String element = ElementTypes.describe(stream.element());
		if (argument.isAsOf() && argument.isWithin()) {
			throw invalid(argument, "has both @AsOf and @Within on its", "Keep one of the two.");
		}
		if (argument.isAsOf() && !form.isOne()) {
			throw invalid(argument, "has @AsOf, which gives one match, on its",
					"Make it a " + (stream.isMap() ? "Map<P, " + element + ">, or a Map<P, Optional<" + element + ">>"
							: element + ", or an Optional<" + element + ">") + ".");
		}
		if (argument.isWithin() && form.isOne()) {
			throw invalid(argument, "has @Within, which gives all matches, on its",
					"Make it a " + (stream.isMap() ? "Map<P, List<" + element + ">>" : "List<" + element + ">") + ".");
		}
		if (argument.needsNoMatch() && form.isOne() && !form.isOptional()) {
			throw invalid(argument, "has @JoinOn(optional = true) on its", "Make it a "
					+ (stream.isMap() ? "Map<P, Optional<" + element + ">>" : "Optional<" + element + ">") + ".");
		}
		if (argument.hasTooManyEqualities()) {
			throw invalid(argument, "has by and byLeft or byRight on its",
					"Keep by alone if the expression is the same on both sides, or else byLeft and byRight.");
		}
	}

	private InvalidJoinException invalid(Argument argument, String problem, String action) {
		return new InvalidJoinException(this.source.subject() + " " + problem + " " + argument.describe() + ".",
				action);
	}

}
