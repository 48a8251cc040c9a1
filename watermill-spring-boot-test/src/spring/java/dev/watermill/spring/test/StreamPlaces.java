package dev.watermill.spring.test;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import dev.watermill.spring.naming.internal.RelaxedName;
import dev.watermill.spring.properties.StreamProperties;
import dev.watermill.spring.properties.WaterMillProperties;
import org.jspecify.annotations.Nullable;

/**
 * Which streams are one in memory: those whose settings lead to one file or topic, as
 * those of a self-join do.
 */
final class StreamPlaces {

	private final WaterMillProperties properties;

	StreamPlaces(WaterMillProperties properties) {
		this.properties = properties;
	}

	MemoryPlace of(String stream) {
		Object bound = bound(this.properties.findStream(stream));
		return new MemoryPlace(RelaxedName.kebab((bound != null) ? this.properties.getStreams()
			.entrySet()
			.stream()
			.filter((entry) -> bound.equals(bound(entry.getValue())))
			.map(Map.Entry::getKey)
			.findFirst()
			.orElse(stream) : stream));
	}

	/**
	 * Return what lanes read of a stream.
	 */
	StreamUse useOf(String stream) {
		return StreamUse.of(this.properties.findStream(stream));
	}

	private static @Nullable Object bound(@Nullable StreamProperties settings) {
		if (settings == null) {
			return null;
		}
		List<String> bound = Stream
			.of(Stream.ofNullable(settings.getFile()).map("file "::concat),
					Stream.ofNullable(settings.getTopic()).map("topic "::concat),
					Objects.requireNonNullElse(settings.getTopics(), List.<String>of()).stream().map("topic "::concat))
			.flatMap((places) -> places)
			.toList();
		return bound.isEmpty() ? null : bound;
	}

}
