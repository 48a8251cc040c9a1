package dev.watermill.spring.processor.internal;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.watermill.delivery.MillContext;
import dev.watermill.engine.MillState;
import dev.watermill.spring.FromStream;
import dev.watermill.spring.JoinOn;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.WindowBy;
import dev.watermill.window.WindowFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.annotation.AliasFor;
import org.springframework.stereotype.Component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a processing function is given, in every form that it can ask for.
 */
class ArgumentTests {

	@TempDir
	Path directory;

	@BeforeEach
	void writeStreams() {
		write("a", "[{\"time\":1},{\"time\":2},{\"time\":4}]");
		write("b", "[{\"time\":1,\"n\":1},{\"time\":2,\"n\":2},{\"time\":2,\"n\":3},{\"time\":3,\"n\":4}]");
		write("c", "[{\"time\":1,\"n\":10},{\"time\":2,\"n\":20},{\"time\":2,\"n\":30}]");
	}

	private void write(String stream, String json) {
		MillsRunner.write(file(stream), json);
	}

	private Path file(String stream) {
		return this.directory.resolve(stream + ".json");
	}

	private List<Object> run(Class<?> processor, String... properties) {
		List<Object> seen = new ArrayList<>();
		MillsRunner.runner(this.directory)
			.withUserConfiguration(Beans.class, processor)
			.withPropertyValues(properties)
			.withPropertyValues("watermill.streams.a.file=" + file("a"), "watermill.streams.b.file=" + file("b"),
					"watermill.streams.c.file=" + file("c"), "watermill.streams.d.file=" + file("c"),
					"watermill.streams.e.file=" + file("c"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				var mill = MillsRunner.await(context, "mill");
				assertThat(mill.state()).as(String.valueOf(mill.status().lastError())).isEqualTo(MillState.COMPLETED);
				seen.addAll(context.getBean(Seen.class).list);
			});
		return seen;
	}

	@Test
	void givesMapsOfAllMatches() {
		assertThat(run(MapOfLists.class)).containsExactly(Map.of(new A(1), List.of(new B(1, 1))),
				Map.of(new A(2), List.of(new B(2, 2), new B(2, 3))));
	}

	@Test
	void givesMapsOfTheFirstMatch() {
		assertThat(run(MapOfFirst.class)).containsExactly(Map.of(new A(1), new B(1, 1)), Map.of(new A(2), new B(2, 2)));
	}

	@Test
	void givesPlainMatchesOfTheMaster() {
		assertThat(run(Plain.class)).containsExactly(List.of(new B(1, 1)), new C(1, 10),
				List.of(new B(2, 2), new B(2, 3)), new C(2, 20));
	}

	@Test
	void givesAChainWhoseChildIsDeclaredFirst() {
		assertThat(run(Chain.class)).containsExactly(Map.of(new B(1, 1), List.of(new C(1, 10))), Map.of(new B(2, 2),
				List.of(new C(2, 20), new C(2, 30)), new B(2, 3), List.of(new C(2, 20), new C(2, 30))));
	}

	@Test
	void recognizesAJoinByItsTypeAndTakesItsKeysFromSettings() {
		assertThat(run(ByType.class, "watermill.mills.mill.joins.b.left=time - 1",
				"watermill.mills.mill.joins.B.right=time", "watermill.mills.mill.joins.c.left=time",
				"watermill.mills.mill.joins.c.right=time"))
			.containsExactly(Map.of(new B(1, 1), new C(1, 10)));
	}

	@Test
	void distinguishesStreamsOfOneTypeByTheirNames() {
		assertThat(run(OneType.class)).containsExactly(Map.of(new C(1, 10), List.of(new C(1, 10))),
				Map.of(new C(1, 10), List.of(new C(1, 10))), Map.of(new C(2, 20), List.of(new C(2, 20), new C(2, 30))),
				Map.of(new C(2, 20), List.of(new C(2, 20), new C(2, 30)), new C(2, 30),
						List.of(new C(2, 20), new C(2, 30))),
				Map.of(new C(2, 30), List.of(new C(2, 20), new C(2, 30))), Map.of(new C(2, 20),
						List.of(new C(2, 20), new C(2, 30)), new C(2, 30), List.of(new C(2, 20), new C(2, 30))));
	}

	@Test
	void concatenatesSeveralStreams() {
		write("b2", "[{\"time\":2,\"n\":7}]");
		assertThat(run(Several.class, "watermill.streams.b-two.file=" + file("b2")))
			.containsExactly(Map.of(new A(2), List.of(new B(2, 7), new B(2, 2), new B(2, 3))));
	}

	@Test
	void givesWindowsWithTheirMatches() {
		assertThat(run(Windows.class)).containsExactly(List.of(new A(1)), Map.of(new A(1), List.of(new B(1, 1))),
				List.of(new A(2)), Map.of(new A(2), List.of(new B(2, 2), new B(2, 3))));
		assertThat(run(Windows.class, "watermill.mills.mill.window.by=time / 10")).containsExactly(
				List.of(new A(1), new A(2)),
				Map.of(new A(1), List.of(new B(1, 1)), new A(2), List.of(new B(2, 2), new B(2, 3))));
	}

	@Test
	void cutsWindowsByAFunction() {
		assertThat(run(FunctionWindows.class)).containsExactly(List.of(new A(1)), List.of(new A(2), new A(4)));
	}

	@Test
	void cutsWindowsByTheClock() {
		assertThat(run(ClockWindows.class)).containsExactly(List.of(new A(1), new A(2), new A(4)));
		assertThat(run(ClockWindows.class, "watermill.mills.mill.window.by=time")).containsExactly(List.of(new A(1)),
				List.of(new A(2)), List.of(new A(4)));
	}

	@Test
	void givesElementsWithoutTypes() {
		assertThat(run(Dynamic.class).toString())
			.isEqualTo("[{time=1}, [{\"time\":1,\"n\":10}], {time=2}, [{\"time\":2,\"n\":20}, {\"time\":2,\"n\":30}]]");
	}

	@Test
	void givesBeansByTheRulesOfSpring() {
		assertThat(run(ManyBeans.class, "limit=5")).first().isEqualTo("first second true true 2 5 null first 1");
	}

	@Test
	void understandsMetaAnnotationsAndPlaceholders() {
		assertThat(run(Meta.class, "stream=a", "mill.name=mill")).containsExactly(new B(1, 1), new B(2, 2));
	}

	@Test
	void resolvesTypesOfAGenericSuperclass() {
		assertThat(run(Concrete.class)).containsExactly(new B(1, 1), new B(2, 2));
	}

	@Test
	void readsBeansAsElements() {
		assertThat(run(BeanElements.class)).containsExactly(1L, 2L, 4L);
	}

	@WaterMillProcessor("mill")
	static class MapOfLists {

		void function(A a, @JoinOn("time") Map<A, List<B>> b, Seen seen) {
			seen.list.add(b);
			assertThat(b.get(a)).isNotNull();
			assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(b::clear);
			assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> b.get(a).clear());
		}

	}

	@WaterMillProcessor("mill")
	static class MapOfFirst {

		void function(A a, @JoinOn(left = "time", right = "time") Map<A, B> b, Seen seen) {
			seen.list.add(b);
		}

	}

	@WaterMillProcessor("mill")
	static class Plain {

		void function(A a, @JoinOn("time") List<B> b, @JoinOn("time") C c, Seen seen) {
			seen.list.add(b);
			seen.list.add(c);
			assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(b::clear);
		}

	}

	@WaterMillProcessor("mill")
	static class Chain {

		void function(A a, @JoinOn("time") Map<B, List<C>> c, MillContext context, @JoinOn("time") Map<A, List<B>> b,
				Seen seen) {
			seen.list.add(c);
			assertThat(context.mill()).isEqualTo("mill");
			assertThat(context.key()).isEqualTo(a.time());
		}

	}

	@WaterMillProcessor("mill")
	static class ByType {

		void function(A a, Map<B, C> c, @JoinOn("n") Map<A, B> b, Seen seen) {
			seen.list.add(c);
		}

	}

	@WaterMillProcessor("mill")
	static class OneType {

		void function(C c, @FromStream("D") @JoinOn("time") Map<C, List<C>> d,
				@FromStream("e") @JoinOn(value = "time", parent = "d") Map<C, List<C>> e, Seen seen) {
			seen.list.add(d);
			seen.list.add(e);
		}

	}

	@WaterMillProcessor("mill")
	static class Several {

		void function(A a, @FromStream({ "bTwo", "b" }) @JoinOn("time") Map<A, List<B>> b, Seen seen) {
			seen.list.add(b);
		}

	}

	@WaterMillProcessor("mill")
	static class Windows {

		void function(@WindowBy("time / 2") List<A> as, @JoinOn("time") Map<A, List<B>> b, Seen seen) {
			seen.list.add(as);
			seen.list.add(b);
		}

	}

	@WaterMillProcessor("mill")
	static class FunctionWindows {

		void function(@WindowBy(function = "evenness") List<A> as, Seen seen) {
			seen.list.add(as);
		}

	}

	@WaterMillProcessor("mill")
	static class ClockWindows {

		void function(@WindowBy(every = "${window:1h}") List<A> as, Seen seen) {
			seen.list.add(as);
		}

	}

	@WaterMillProcessor("mill")
	static class Dynamic {

		void function(@FromStream("a") Map<String, Object> a,
				@FromStream("b") @JoinOn("time") Map<Map<String, Object>, Map<String, Object>> b,
				@FromStream("d") @JoinOn("time") Map<String, Object> d,
				@FromStream("c") @JoinOn("time") Map<Map<String, Object>, List<JsonNode>> c, Seen seen) {
			seen.list.add(a);
			seen.list.add(c.get(a));
			assertThat(b.get(a)).containsEntry("time", a.get("time"));
			assertThat(d).containsEntry("time", a.get("time"));
		}

	}

	@WaterMillProcessor("mill")
	static class ManyBeans {

		void function(A a, @Qualifier("first") Text first, Text second, Optional<Number> missing,
				ObjectProvider<Number> missingToo, List<Text> texts, @Value("${limit}") int limit,
				@Nullable Number none, @Lazy @Qualifier("first") Text lazy, Map<String, Seen> byName, Seen seen) {
			seen.list.add(first.text() + " " + second.text() + " " + missing.isEmpty() + " "
					+ (missingToo.getIfAvailable() == null) + " " + texts.size() + " " + limit + " " + none + " "
					+ lazy.text() + " " + byName.size());
		}

	}

	@MetaProcessor("${mill.name}")
	static class Meta {

		void function(@FromStream("${stream}") A a, @ByTime B b, Seen seen) {
			seen.list.add(b);
		}

	}

	@Target(ElementType.TYPE)
	@Retention(RetentionPolicy.RUNTIME)
	@WaterMillProcessor
	@interface MetaProcessor {

		@AliasFor(annotation = WaterMillProcessor.class, attribute = "value")
		String value();

	}

	@Target(ElementType.PARAMETER)
	@Retention(RetentionPolicy.RUNTIME)
	@JoinOn(left = "time", right = "time")
	@interface ByTime {

	}

	abstract static class Generic<M, J> {

		@WaterMillProcessor("mill")
		void function(M a, @JoinOn("time") Map<M, List<J>> b, Seen seen) {
			seen.list.add(b.get(a).get(0));
		}

	}

	@Component
	static class Concrete extends Generic<A, B> {

	}

	@WaterMillProcessor("mill")
	static class BeanElements {

		void function(@FromStream("a") Location a, Seen seen) {
			seen.list.add(a.getTime());
		}

	}

	public static class Location {

		private long time;

		public long getTime() {
			return this.time;
		}

		public void setTime(long time) {
			this.time = time;
		}

	}

	record A(long time) {

	}

	record B(long time, int n) {

	}

	record C(long time, int n) {

	}

	static class Seen {

		final List<Object> list = new ArrayList<>();

	}

	interface Text {

		String text();

	}

	static class Beans {

		@Bean
		Seen seen() {
			return new Seen();
		}

		@Bean
		Text first() {
			return () -> "first";
		}

		@Bean
		Text second() {
			return () -> "second";
		}

		@Bean
		WindowFunction<A> evenness() {
			return (element) -> element != null && element.time() % 2 == 0;
		}

	}

}
