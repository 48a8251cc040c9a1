package dev.watermill.spring.vectors;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.watermill.Mill;
import dev.watermill.engine.MillState;
import dev.watermill.kafka.fixture.SharedKafka;
import dev.watermill.spring.MillsRunner;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The worked cases of the semantics, from files to a file and from topics to a topic,
 * with everything that Spring does in between.
 */
class VectorTests {

	@TempDir
	static Path classes;

	private static ClassLoader loader;

	private static VectorTopics topics;

	@TempDir
	Path directory;

	@BeforeAll
	static void fillTopics() throws Exception {
		topics = new VectorTopics(Vector.all());
	}

	@BeforeAll
	static void compile() throws IOException {
		List<VectorProcessor> processors = new ArrayList<>();
		for (Vector vector : Vector.all()) {
			processors.add(annotated(vector));
			processors.add(configured(vector));
		}
		loader = VectorProcessor.compile(classes, processors);
	}

	private static VectorProcessor annotated(Vector vector) {
		return new VectorProcessor(vector, "JsonNode", true);
	}

	private static VectorProcessor configured(Vector vector) {
		return new VectorProcessor(vector, "Map<String, Object>", false);
	}

	static List<Vector> vectors() throws IOException {
		return Vector.all();
	}

	@ParameterizedTest
	@MethodSource("vectors")
	void deliversJsonNodesByAnnotations(Vector vector) throws Exception {
		run(vector, annotated(vector), List.of(), ".json");
	}

	@ParameterizedTest
	@MethodSource("vectors")
	void deliversMapsBySettings(Vector vector) throws Exception {
		List<String> settings = new ArrayList<>();
		for (Vector.Edge edge : vector.edges()) {
			String prefix = "watermill.mills.vector.joins." + edge.child();
			settings.add(prefix + ".left=" + edge.left());
			settings.add(prefix + ".right=" + edge.right());
			edge.distances().forEach((name, distance) -> settings.add(prefix + "." + name + "=" + distance));
			if (!edge.byLeft().isEmpty()) {
				settings.add(prefix + ".by-left=" + edge.byLeft());
				settings.add(prefix + ".by-right=" + edge.byRight());
			}
		}
		vector.window().forEach((name, value) -> settings.add("watermill.mills.vector.window." + name + "=" + value));
		run(vector, configured(vector), settings, ".jsonl.gz");
	}

	@ParameterizedTest
	@MethodSource("vectors")
	void deliversTheSameFromTopics(Vector vector) throws Exception {
		List<String> properties = new ArrayList<>();
		properties.add("watermill.streams.deliveries.topic=" + topics.name(vector, "deliveries"));
		for (String stream : vector.json().get("streams").propertyNames()) {
			properties.add("watermill.streams." + stream + ".topic=" + topics.name(vector, stream));
		}
		complete(MillsRunner.kafkaRunner(this.directory, SharedKafka.bootstrapServers()), annotated(vector),
				properties);
		assertThat(topics.deliveries(vector).stream().map(Vector::merged).toList()).isEqualTo(vector.expected());
	}

	private void run(Vector vector, VectorProcessor processor, List<String> settings, String suffix) throws Exception {
		Path deliveries = this.directory.resolve("deliveries.json");
		List<String> properties = new ArrayList<>(settings);
		properties.add("watermill.streams.deliveries.file=" + deliveries);
		for (String stream : vector.json().get("streams").propertyNames()) {
			Path file = this.directory.resolve(stream + suffix);
			StreamFile.write(file, vector.stream(stream));
			properties.add("watermill.streams." + stream + ".file=" + file);
		}
		complete(MillsRunner.runner(this.directory), processor, properties);
		List<Object> delivered = new ArrayList<>();
		for (JsonNode delivery : JsonMapper.shared().readTree(deliveries)) {
			delivered.add(Vector.merged(delivery));
		}
		assertThat(delivered).isEqualTo(vector.expected());
	}

	private static void complete(ApplicationContextRunner runner, VectorProcessor processor, List<String> properties)
			throws Exception {
		runner.withUserConfiguration(loader.loadClass(processor.className()))
			.withPropertyValues(properties.toArray(String[]::new))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				Mill mill = MillsRunner.await(context, "vector");
				assertThat(mill.state()).as(String.valueOf(mill.status().lastError())).isEqualTo(MillState.COMPLETED);
			});
	}

}
