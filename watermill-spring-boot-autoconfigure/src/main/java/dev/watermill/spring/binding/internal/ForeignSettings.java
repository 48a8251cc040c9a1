package dev.watermill.spring.binding.internal;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidBindingException;

/**
 * Refuses settings of streams that their kind does not take, in the words of the kinds
 * that do.
 */
final class ForeignSettings {

	private static final String ROOT = "watermill.streams";

	private final List<StreamKind> kinds;

	ForeignSettings(List<StreamKind> kinds) {
		this.kinds = kinds;
	}

	/**
	 * Refuse what no kind takes: what says where a stream lives must not be passed over
	 * in favour of another place.
	 */
	void checkKnown(String stream, GivenSettings given) {
		List<String> unknown = given.names()
			.stream()
			.filter((name) -> !isCommon(name) && this.kinds.stream().noneMatch((kind) -> isOf(kind, name)))
			.map((name) -> ROOT + "." + stream + "." + name)
			.toList();
		if (!unknown.isEmpty()) {
			throw new InvalidBindingException(
					"The stream '" + stream + "' has " + String.join(" and ", unknown)
							+ ", which nothing in the application understands.",
					"Remove " + String.join(" and ", unknown) + ", or add the library that does.");
		}
	}

	/**
	 * Refuse what only other kinds take.
	 */
	void checkTaken(String stream, StreamKind kind, String place, GivenSettings given) {
		Predicate<String> isPlace = (name) -> this.kinds.stream().anyMatch((other) -> other.property().equals(name));
		List<String> foreign = given.names()
			.stream()
			.filter((name) -> !isCommon(name) && !isPlace.test(name) && !isOf(kind, name))
			.toList();
		if (foreign.isEmpty()) {
			return;
		}
		String prefix = ROOT + "." + stream + ".";
		String others = this.kinds.stream()
			.filter((other) -> foreign.stream().allMatch((name) -> isOf(other, name)))
			.map((other) -> "a " + other.word())
			.distinct()
			.collect(Collectors.joining(" or "));
		throw new InvalidBindingException(
				"The stream '" + stream + "' is bound to the " + kind.property() + " " + place + " and has "
						+ String.join(" and ", foreign.stream().map((name) -> describe(name, given, prefix)).toList())
						+ ", which a " + kind.word() + " does not take.",
				"Remove " + String.join(" and ", foreign.stream().map(prefix::concat).toList())
						+ (others.isEmpty() ? "." : ", or bind the stream to " + others + "."));
	}

	private String describe(String name, GivenSettings given, String prefix) {
		String meaning = this.kinds.stream()
			.flatMap((kind) -> kind.settings().stream())
			.filter((setting) -> setting.name().equals(name))
			.map(StreamSetting::meaning)
			.findFirst()
			.orElseThrow();
		String keys = (given.get(name) instanceof Map<?, ?> map)
				? ": " + String.join(", ", map.keySet().stream().map(String::valueOf).toList()) : "";
		return meaning + keys + " (" + prefix + name + ")";
	}

	private static boolean isCommon(String name) {
		return StreamSetting.COMMON.stream().anyMatch((setting) -> setting.name().equals(name));
	}

	private static boolean isOf(StreamKind kind, String name) {
		return kind.property().equals(name)
				|| kind.settings().stream().anyMatch((setting) -> setting.name().equals(name));
	}

}
