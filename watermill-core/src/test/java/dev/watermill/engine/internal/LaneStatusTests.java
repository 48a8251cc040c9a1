package dev.watermill.engine.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.codec.InvalidElement;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import dev.watermill.engine.LaneStatus;
import dev.watermill.engine.MillState;
import dev.watermill.join.InputStatus;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.ErrorPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a mill tells of itself besides its counters.
 */
class LaneStatusTests {

	private final InMemoryBroker broker = new InMemoryBroker();

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final Logger logger = (Logger) LoggerFactory.getLogger(LaneReporter.class);

	@TempDir
	private Path directory;

	@BeforeEach
	void listen() {
		this.log.start();
		this.logger.addAppender(this.log);
		this.logger.setLevel(Level.INFO);
	}

	@AfterEach
	void listenNoMore() {
		this.logger.detachAppender(this.log);
		this.logger.setLevel(null);
	}

	private List<String> logged() {
		return this.log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
	}

	private Mill join(KeyFunction<Integer> key, List<Integer> left, List<Integer> right) {
		MillBuilder builder = Mill.builder("mill");
		Input<Integer> a = builder.from("a", Integer.class, this.broker);
		JoinFirst<Integer, Integer> b = builder.join(a, "b", Integer.class, this.broker).on(key, key).first();
		builder.process((delivery) -> delivery.get(a) + delivery.get(b).get(delivery.get(a)));
		builder.to("out", Integer.class, this.broker);
		this.broker.<Integer>stream("a").appendAll(left).end();
		this.broker.<Integer>stream("b").appendAll(right).end();
		Mill mill = builder.build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		return mill;
	}

	private static KeyFunction<Integer> longs() {
		return KeyFunction.ofLong("id", (id) -> id);
	}

	private static InputStatus input(Mill mill, String stream) {
		return mill.lanes().get(0).inputs().get(stream);
	}

	private static @Nullable String explanation(Mill mill) {
		InputStatus.Unmatched unmatched = input(mill, "b").unmatched();
		return (unmatched != null) ? unmatched.explain("a", "b") : null;
	}

	@Test
	void tellsTheLastLeftKeyWithoutAMatch() {
		Mill mill = join(longs(), List.of(100, 120), List.of(100, 130));
		assertThat(explanation(mill)).isEqualTo("left key 120 found no match: right stream 'b' is already at 130");
		assertThat(logged()).containsExactly("Mill 'mill': left key 120 found no match: right stream 'b' is already "
				+ "at 130 (1 without a match since the last such line)");
	}

	@Test
	void tellsTheLastRightKeyWithoutAMatch() {
		Mill mill = join(longs(), List.of(100, 120), List.of(100, 110, 120));
		assertThat(explanation(mill)).isEqualTo("right key 110 found no match: left stream 'a' is already at 120");
	}

	@Test
	void tellsBothSides() {
		InputStatus.Unmatched unmatched = input(join(longs(), List.of(1, 4, 6), List.of(2, 3, 5, 6)), "b").unmatched();
		assertThat(unmatched).isEqualTo(new InputStatus.Unmatched(
				List.of(new InputStatus.Unmatched.Key(4L, 5L), new InputStatus.Unmatched.Key(1L, 2L)),
				List.of(new InputStatus.Unmatched.Key(5L, 6L), new InputStatus.Unmatched.Key(3L, 4L),
						new InputStatus.Unmatched.Key(2L, 4L)),
				false, 2));
	}

	@Test
	void keepsTheLastKeysWithoutAMatch() {
		List<Integer> left = IntStream.range(0, 100).map((i) -> 2 * i).boxed().toList();
		List<Integer> right = IntStream.range(0, 60).map((i) -> 2 * i + 1).boxed().toList();
		InputStatus.Unmatched unmatched = input(join(texts("%04d"::formatted), left, right), "b").unmatched();
		assertThat(unmatched.count()).isEqualTo(61);
		assertThat(unmatched.recentLeft()).hasSize(32)
			.startsWith(new InputStatus.Unmatched.Key("0120", null))
			.endsWith(new InputStatus.Unmatched.Key("0058", "0059"));
		assertThat(unmatched.recentRight()).hasSize(32)
			.startsWith(new InputStatus.Unmatched.Key("0119", "0120"))
			.endsWith(new InputStatus.Unmatched.Key("0057", "0058"));
	}

	@Test
	void tellsThatTheOtherSideIsOver() {
		assertThat(explanation(join(longs(), List.of(1, 2), List.of(1))))
			.isEqualTo("left key 2 found no match: right stream 'b' is over");
	}

	@Test
	void tellsOfFloatingPoint() {
		assertThat(explanation(join(KeyFunction.ofDouble("half", (id) -> id / 2.0), List.of(-3), List.of(-2))))
			.isEqualTo("left key -1.5 found no match: right stream 'b' is already at -1.0");
	}

	private static KeyFunction<Integer> texts() {
		return texts(String::valueOf);
	}

	private static KeyFunction<Integer> texts(Function<Integer, String> text) {
		return KeyFunction.ofObject("text", String.class, text);
	}

	@Test
	void quotesTexts() {
		assertThat(explanation(join(texts(), List.of(1), List.of(2))))
			.isEqualTo("left key \"1\" found no match: right stream 'b' is already at \"2\"");
	}

	@Test
	void quotesTextsOfTheRight() {
		assertThat(explanation(join(texts(), List.of(2), List.of(1, 2))))
			.isEqualTo("right key \"1\" found no match: left stream 'a' is already at \"2\"");
	}

	@Test
	void quotesTextsInListsOfKeys() {
		KeyFunction<Integer> list = KeyFunction.ofObject("list", List.class, (id) -> List.of(id, String.valueOf(id)));
		assertThat(explanation(join(list, List.of(1), List.of(2))))
			.isEqualTo("left key [1, \"1\"] found no match: right stream 'b' is already at [2, \"2\"]");
	}

	@Test
	void quotesTextsWhereNothingMatches() {
		join(texts(), List.of(1, 2), List.of(3));
		assertThat(warnings()).containsExactly("Mill 'mill': 2 elements were read and none found its matches: left key "
				+ "\"2\" found no match: right stream 'b' is already at \"3\". Keys read: 'text' of 'a' \"1\" to \"2\"; "
				+ "'text' of 'b' \"3\". Are these the streams and keys that belong together?");
	}

	@Test
	void hasNothingToTellWhereAllMatch() {
		Mill mill = join(longs(), List.of(1, 2, 2), List.of(1, 2));
		assertThat(input(mill, "a").unmatched()).isNull();
		assertThat(explanation(mill)).isNull();
		assertThat(mill.lanes().get(0).noMatch()).isNull();
		assertThat(logged()).isEmpty();
	}

	@Test
	void saysThatNothingMatches() {
		Mill mill = join(longs(), IntStream.range(0, 1200).boxed().toList(),
				IntStream.range(2000, 2600).boxed().toList());
		assertThat(mill.lanes().get(0).noMatch()).isEqualTo(
				"1,200 elements were read and none found its matches: left key 1199 found no match: right stream "
						+ "'b' is already at 2000. Keys read: 'id' of 'a' 0 to 1199; 'id' of 'b' 2000 to 2511");
		assertThat(logged()).hasSize(1);
	}

	@Test
	void saysOnceAtTheEndThatNothingMatchedOfAFewElements() {
		join(longs(), List.of(1, 2, 3), List.of(4));
		assertThat(warnings()).containsExactly("Mill 'mill': 3 elements were read and none found its matches: left key "
				+ "3 found no match: right stream 'b' is already at 4. Keys read: 'id' of 'a' 1 to 3; 'id' of 'b' 4. "
				+ "Are these the streams and keys that belong together?");
	}

	@Test
	void saysAtTheEndThatNothingMatchedAnEmptyStream() {
		join(longs(), List.of(1), List.of());
		assertThat(warnings()).hasSize(1)
			.first()
			.asString()
			.contains("right stream 'b' is over", "'id' of 'a' 1; 'id' of 'b' none");
	}

	@Test
	void showsByTheRangesThatAnInstantWasReadInAnotherUnit() {
		long second = Instant.parse("2024-05-01T00:00:00Z").getEpochSecond();
		MillBuilder builder = Mill.builder("mill").to("out", Instant.class, this.broker);
		Input<Instant> a = builder.from("a", Instant.class, this.broker);
		builder.join(a, "b", Instant.class, this.broker)
			.on(KeyFunction.ofObject("time", Instant.class, (time) -> time),
					KeyFunction.ofObject("time", Instant.class, (time) -> time))
			.first();
		builder.process((delivery) -> delivery.get(a));
		this.broker.<Instant>stream("a")
			.appendAll(List.of(Instant.ofEpochSecond(second), Instant.ofEpochSecond(second + 60)))
			.end();
		this.broker.<Instant>stream("b")
			.appendAll(List.of(Instant.ofEpochSecond(second * 1000), Instant.ofEpochSecond((second + 60) * 1000)))
			.end();
		assertThat(builder.build().run()).isEqualTo(MillState.COMPLETED);
		assertThat(warnings()).hasSize(1)
			.first()
			.asString()
			.contains("'time' of 'a' 2024-05-01T00:00:00Z to 2024-05-01T00:01:00Z;",
					"'time' of 'b' +56301-01-11T00:00:00Z to +56301-");
	}

	@Test
	void doesNotSayThatNothingMatchedWhereNothingWasRead() {
		join(longs(), List.of(), List.of(1, 2));
		assertThat(logged()).isEmpty();
	}

	@Test
	void doesNotCountElementsThatAreNone() {
		MillBuilder builder = Mill.builder("mill")
			.commitInterval(Duration.ofNanos(1))
			.to("out", Integer.class, this.broker);
		Input<Integer> a = builder.from("a", Integer.class, this.broker);
		JoinFirst<Integer, Integer> b = builder.join(a, "b", Integer.class, this.broker).on(longs(), longs()).first();
		b.onInvalid(ErrorPolicy.SKIP);
		b.onDisorder(ErrorPolicy.SKIP);
		builder.process((delivery) -> delivery.get(a));
		List<Object> right = new ArrayList<>(Collections.nCopies(2000, new InvalidElement("none", null, null)));
		right.add(5);
		right.addAll(Collections.nCopies(2000, 1));
		right.addAll(IntStream.range(1999, 2100).boxed().toList());
		this.broker.<Integer>stream("a").appendAll(IntStream.range(1999, 2100).boxed().toList()).end();
		this.broker.stream("b").complete(right);
		Mill mill = builder.build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(warnings()).isEmpty();
		assertThat(mill.counters().inputs().get("b").valid()).isEqualTo(102);
	}

	@Test
	void blamesTheEdgeWhereTheMatchIsLacking() {
		assertThat(chain(List.of(1, 2), List.of(1, 2), List.of(5, 6))).contains(
				"left key 2 found no match: right stream 'c' is already at 5",
				"'id' of 'b' 1 to 2; 'id' of 'c' 5 to 6");
	}

	@Test
	void doesNotBlameTheEdgeWhoseElementsLackMatchesOfTheirOwn() {
		assertThat(chain(List.of(1, 2), List.of(1, 2, 3), List.of(5, 6)))
			.contains("left key 2 found no match: right stream 'c' is already at 5");
	}

	@Test
	void doesNotBlameTheEdgeWhoseLastElementLacksMatchesOfItsOwn() {
		assertThat(chain(List.of(1), List.of(1), List.of(5)))
			.contains("left key 1 found no match: right stream 'c' is already at 5");
	}

	@Test
	void blamesTheEdgeBelowWhoseStreamIsOver() {
		assertThat(chain(List.of(1, 2), List.of(1, 2), List.of())).contains("right stream 'c' is over");
	}

	@Test
	void blamesTheEdgeAboveWhereTheElementItselfIsLacking() {
		assertThat(chain(List.of(1, 2), List.of(3, 4), List.of(3, 4)))
			.contains("left key 2 found no match: right stream 'b' is already at 3");
	}

	@Test
	void blamesTheSecondOfTwoChildren() {
		MillBuilder builder = Mill.builder("mill").to("out", Integer.class, this.broker);
		Input<Integer> a = builder.from("a", Integer.class, this.broker);
		builder.join(a, "b", Integer.class, this.broker).on(longs(), longs()).first();
		builder.join(a, "c", Integer.class, this.broker).on(longs(), longs()).first();
		assertThat(warning(builder, a, List.of(1, 2), List.of(0, 1, 2), List.of(7)))
			.contains("left key 2 found no match: right stream 'c' is already at 7");
	}

	private String chain(List<Integer> left, List<Integer> middle, List<Integer> right) {
		MillBuilder builder = Mill.builder("mill").to("out", Integer.class, this.broker);
		Input<Integer> a = builder.from("a", Integer.class, this.broker);
		JoinFirst<Integer, Integer> b = builder.join(a, "b", Integer.class, this.broker).on(longs(), longs()).first();
		builder.join(b, "c", Integer.class, this.broker).on(longs(), longs()).first();
		return warning(builder, a, left, middle, right);
	}

	private String warning(MillBuilder builder, Input<Integer> a, List<Integer> first, List<Integer> second,
			List<Integer> third) {
		builder.process((delivery) -> delivery.get(a));
		this.broker.<Integer>stream("a").appendAll(first).end();
		this.broker.<Integer>stream("b").appendAll(second).end();
		this.broker.<Integer>stream("c").appendAll(third).end();
		assertThat(builder.build().run()).isEqualTo(MillState.COMPLETED);
		assertThat(warnings()).hasSize(1);
		return warnings().get(0);
	}

	private List<String> warnings() {
		return this.log.list.stream()
			.filter((event) -> event.getLevel() == Level.WARN)
			.map(ILoggingEvent::getFormattedMessage)
			.toList();
	}

	@Test
	void tellsWhereStreamsStand() {
		Mill mill = join(longs(), List.of(1, 2), List.of(1, 2, 2, 3));
		assertThat(input(mill, "a").key()).isEqualTo(2L);
		assertThat(input(mill, "a").groupSize()).isZero();
		assertThat(input(mill, "b").groupSize()).isEqualTo(1);
		assertThat(input(mill, "a").progress()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "in.json", "in.jsonl", "in.jsonl.gz", "in.json.gz" })
	void tellsHowMuchOfAFileIsDone(String name) throws IOException {
		Path file = this.directory.resolve(name);
		write(file, 10_000);
		JsonFileBroker files = JsonFileBroker.builder(JsonMapper.shared()).build();
		MillBuilder builder = Mill.builder("mill").commitInterval(Duration.ofNanos(1));
		Input<Item> in = builder.from(
				new StreamDefinition<Item>("in", Item.class, Map.of(JsonFileBroker.FILE_PROPERTY, file.toString())),
				files);
		AtomicReference<Mill> mill = new AtomicReference<>();
		List<Double> errors = new ArrayList<>();
		List<Duration> left = new ArrayList<>();
		builder.process((delivery) -> {
			int id = delivery.get(in).id();
			if (id % 200 == 199) {
				LaneStatus.Progress progress = mill.get().lanes().get(0).progress();
				errors.add(progress.fraction() - id / 10_000.0);
				left.add(progress.timeLeft());
			}
			return null;
		});
		builder.to("out", Integer.class, this.broker);
		mill.set(builder.build());
		assertThat(mill.get().run()).isEqualTo(MillState.COMPLETED);
		// what is compressed is so unevenly
		double tolerance = name.endsWith(".gz") ? 0.2 : 0.05;
		assertThat(errors).hasSize(50).allSatisfy((error) -> assertThat(error).isBetween(-tolerance, tolerance));
		assertThat(left).allSatisfy((rest) -> assertThat(rest).isGreaterThanOrEqualTo(Duration.ZERO));
		assertThat(mill.get().lanes().get(0).progress().fraction()).isGreaterThan(0.99);
	}

	private static void write(Path file, int count) throws IOException {
		boolean array = file.toString().contains(".json.") || file.toString().endsWith(".json");
		Stream<String> elements = IntStream.range(0, count)
			.mapToObj((id) -> "{\"id\":" + id + ",\"name\":\"" + Integer.toHexString(id * 31) + "\"}");
		String text = array ? elements.collect(Collectors.joining(",\n", "[\n", "\n]\n"))
				: elements.collect(Collectors.joining("\n", "", "\n"));
		try (OutputStream out = file.toString().endsWith(".gz") ? new GZIPOutputStream(Files.newOutputStream(file))
				: Files.newOutputStream(file)) {
			out.write(text.getBytes(StandardCharsets.UTF_8));
		}
	}

	record Item(int id, String name) {
	}

}
