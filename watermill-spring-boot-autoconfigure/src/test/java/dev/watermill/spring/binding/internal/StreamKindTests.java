package dev.watermill.spring.binding.internal;

import java.beans.PropertyDescriptor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidBindingException;
import dev.watermill.spring.naming.internal.RelaxedName;
import dev.watermill.spring.properties.StreamProperties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.BeanUtils;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which settings are of which kind of place, and what is said of a setting of another. No
 * broker is up.
 */
class StreamKindTests {

	@TempDir
	Path directory;

	private ApplicationContextRunner runner;

	@BeforeEach
	void createRunner() {
		MillsRunner.write(this.directory.resolve("a.jsonl"), "{\"time\":1}\n");
		this.runner = MillsRunner.kafkaRunner(this.directory, "localhost:1")
			.withUserConfiguration(Copy.class)
			.withBean("memory", InMemoryBroker.class, InMemoryBroker::new)
			.withPropertyValues("watermill.mills.copy.auto-startup=false",
					"watermill.streams.a.file=" + this.directory.resolve("a.jsonl"));
	}

	@Test
	void takesEverySettingThatAStreamCanHave() {
		Stream<String> common = Stream.of("on-invalid", "on-tombstone", "on-disorder", "dead-letter", "max-step",
				"reorder", "max-reorder-size");
		this.runner.withPropertyValues("watermill.streams.b.topic=bs").run((context) -> {
			List<String> taken = context.getBeanProvider(StreamKind.class)
				.orderedStream()
				.flatMap((kind) -> Stream.concat(Stream.of(kind.property()),
						kind.settings().stream().map(StreamSetting::name)))
				.toList();
			assertThat(Stream.concat(common, taken.stream())).containsAll(names());
			assertThat(names()).containsAll(taken);
		});
	}

	private static List<String> names() {
		return Arrays.stream(BeanUtils.getPropertyDescriptors(StreamProperties.class))
			.map(PropertyDescriptor::getName)
			.filter((name) -> !name.equals("class"))
			.map(RelaxedName::kebab)
			.toList();
	}

	@Test
	void namesThePlacesInOneOrder() {
		this.runner.run((context) -> assertThat(context).hasFailed()
			.getFailure()
			.hasMessageContaining("Set watermill.streams.b.file to a file of JSON, or watermill.streams.b.topic to a "
					+ "Kafka topic, or watermill.streams.b.topics to several Kafka topics to be read as one stream, or "
					+ "watermill.streams.b.broker to the name of a Broker bean."));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			file=b.jsonl  | key=time                | a key for its records                      | a topic or a broker
			file=b.jsonl  | end-mark=header         | a form for the mark of its end             | a topic
			file=b.jsonl  | align-segments=true     | segments to align                          | a topic
			file=b.jsonl  | on-data-loss=earliest   | a policy for data loss                     | a topic
			file=b.jsonl  | properties.linger.ms=5  | settings for a broker: linger.ms           | a topic or a broker
			topic=bs      | at=Records              | a place of its elements within an object   | a file
			topic=bs      | overwrite=true          | leave to replace what was written          | a file
			broker=memory | overwrite=true          | leave to replace what was written          | a file
			broker=memory | deserializer=x          | a deserializer                             | a file or a topic
			broker=memory | serializer=x            | a serializer                               | a file or a topic
			broker=memory | end-mark=none           | a form for the mark of its end             | a topic
			""")
	void refusesASettingOfAnotherKind(String place, String setting, String meaning, String instead) {
		String kind = place.substring(0, place.indexOf('='));
		String property = "watermill.streams.b." + setting.split("[=.]")[0];
		this.runner.withPropertyValues("watermill.streams.b." + place, "watermill.streams.b." + setting)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.isInstanceOf(InvalidBindingException.class)
				.hasMessage("The stream 'b' is bound to the " + place.replace('=', ' ') + " and has " + meaning + " ("
						+ property + "), which a " + kind + " does not take. Remove " + property
						+ ", or bind the stream to " + instead + "."));
	}

	@Test
	void takesNoFormatOfATopicButThatOfDeadLetters() {
		this.runner.withPropertyValues("watermill.streams.b.topic=bs", "watermill.streams.b.format=lines")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.isInstanceOf(InvalidBindingException.class)
				.hasMessage("The stream 'b' is bound to the topic 'bs' and has watermill.streams.b.format=lines, which "
						+ "says how elements stand in a file. Remove it, or bind the stream to a file, or set it to "
						+ "dead-letter if the topic holds dead letters."));
	}

	@Test
	void refusesSeveralSettingsOfAnotherKindTogether() {
		this.runner
			.withPropertyValues("watermill.streams.b.broker=memory", "watermill.streams.b.overwrite=true",
					"watermill.streams.b.end-mark=none")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.hasMessageContaining("Remove watermill.streams.b.end-mark and watermill.streams.b.overwrite."));
	}

	@Test
	void refusesAPlaceThatNothingUnderstands() {
		this.runner.withClassLoader(new FilteredClassLoader(JsonMapper.class))
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.isInstanceOf(InvalidBindingException.class)
				.hasMessageContaining(
						"The stream 'a' has watermill.streams.a.file, which nothing in the application understands."));
	}

	@WaterMillProcessor("copy")
	static class Copy {

		@ToStream("b")
		A copy(A a) {
			return a;
		}

	}

	record A(long time) {

	}

}
