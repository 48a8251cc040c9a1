package dev.watermill.engine.internal;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.Broker;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillStatus;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Mills that copy one file into another. Each is made anew, as after a restart of the
 * process.
 */
final class FileMill {

	static final JsonFileBroker FILES = JsonFileBroker.builder(new JsonMapper()).build();

	private FileMill() {
	}

	static Mill copy(Path input, Path output) {
		return copy(input, output, UnaryOperator.identity());
	}

	static Mill copy(Path input, Path output, UnaryOperator<Element> function) {
		return copy(input, output, FILES, function).build();
	}

	static MillBuilder copy(Path input, @Nullable Path output, Broker outputs, UnaryOperator<Element> function) {
		MillBuilder builder = Mill.builder("copy");
		Path directory = input.toAbsolutePath().getParent();
		if (directory != null) {
			builder.stateDirectory(directory.resolve("state"));
		}
		Input<Element> from = builder.from(file("in", input), FILES);
		builder.process((delivery) -> function.apply(delivery.get(from)));
		builder.to((output != null) ? file("out", output) : StreamDefinition.of("out", Element.class), Element.class,
				outputs);
		return builder;
	}

	static StreamDefinition<Element> file(String stream, Path path) {
		return file(stream, path, Map.of());
	}

	static StreamDefinition<Element> file(String stream, Path path, Map<String, String> properties) {
		Map<String, String> all = new HashMap<>(properties);
		all.put(JsonFileBroker.FILE_PROPERTY, path.toString());
		return new StreamDefinition<>(stream, Element.class, all);
	}

	static String problem(Mill mill) {
		MillStatus.Problem problem = mill.status().lastError();
		return (problem != null) ? problem.message() : "";
	}

	record Element(long id) {

	}

}
