package dev.watermill.spring.aot;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import dev.watermill.Mill;
import dev.watermill.spring.JoinOn;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.file.JsonFileAutoConfiguration;
import dev.watermill.spring.mill.Mills;
import dev.watermill.spring.mill.WaterMillAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Applications that are processed ahead of time.
 */
class AheadOfTimeTests {

	@TempDir
	Path directory;

	@Test
	void hintsNameWhatIsReadByReflection() {
		RuntimeHints hints = process(Application.class, (generated) -> {
		});
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Rating.class, "rate")).accepts(hints);
		assertThat(
				RuntimeHintsPredicates.reflection().onConstructorInvocation(Trade.class.getDeclaredConstructors()[0]))
			.accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Quote.class, "at")).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Place.class, "name")).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Instant.class, "getEpochSecond"))
			.accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Cheap.class, "price")).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Dear.class, "price")).accepts(hints);
	}

	@Test
	void hintsNameTheClassesOfSettings() {
		RuntimeHints hints = process(Application.class, (generated) -> {
		}, "watermill.mills.rating.outputs.cheap=" + Named.class.getName(),
				"watermill.mills.rating.retry.exception-includes=" + Refused.class.getName());
		assertThat(
				RuntimeHintsPredicates.reflection().onConstructorInvocation(Named.class.getDeclaredConstructors()[0]))
			.accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onType(Refused.class)).accepts(hints);
	}

	@Test
	void aProcessorThatCanNotBeUsedIsRefusedAlready() {
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> process(Broken.class, (generated) -> {
		})).withMessageContaining("has no argument");
	}

	@Test
	@CompileWithForkedClassLoader
	void aGeneratedApplicationDoesWhatTheOtherDoes() {
		MillsRunner.write(this.directory.resolve("trades.jsonl"), """
				{"at": "2026-01-01T00:00:00Z", "price": 5, "place": {"name": "a"}}
				{"at": "2026-01-01T00:00:01Z", "price": 50, "place": {"name": "b"}}
				""");
		MillsRunner.write(this.directory.resolve("quotes.jsonl"), """
				{"at": "2026-01-01T00:00:01Z"}
				""");
		process(Application.class, (initializer) -> {
			try (GenericApplicationContext context = new GenericApplicationContext()) {
				settings().applyTo(context);
				initializer.initialize(context);
				context.refresh();
				Mill mill = context.getBean(Mills.class).get("rating");
				assertThat(mill.awaitEnd(Duration.ofSeconds(30))).isTrue();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		});
		assertThat(this.directory.resolve("cheap.jsonl")).hasContent("""
				{"price":5}""");
		assertThat(this.directory.resolve("dear.jsonl")).hasContent("""
				{"price":50,"quoted":true}""");
	}

	@SuppressWarnings("unchecked")
	private RuntimeHints process(Class<?> application,
			Consumer<ApplicationContextInitializer<GenericApplicationContext>> generated, String... settings) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.register(application);
		settings().and(settings).applyTo(context);
		TestGenerationContext generation = new TestGenerationContext();
		ClassName initializer = new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		generation.writeGeneratedContent();
		TestCompiler.forSystem()
			.with(generation)
			.compile((compiled) -> generated
				.accept(compiled.getInstance(ApplicationContextInitializer.class, initializer.toString())));
		return generation.getRuntimeHints();
	}

	private TestPropertyValues settings() {
		return TestPropertyValues.of("watermill.state-dir=" + this.directory.resolve("state"),
				"watermill.streams.trade.file=" + this.directory.resolve("trades.jsonl"),
				"watermill.streams.quote.file=" + this.directory.resolve("quotes.jsonl"),
				"watermill.streams.cheap.file=" + this.directory.resolve("cheap.jsonl"),
				"watermill.streams.dear.file=" + this.directory.resolve("dear.jsonl"));
	}

	@Configuration(proxyBeanMethods = false)
	@Import(Rating.class)
	@ImportAutoConfiguration({ WaterMillAutoConfiguration.class, JsonFileAutoConfiguration.class,
			JacksonAutoConfiguration.class })
	static class Application {

	}

	@WaterMillProcessor("rating")
	static class Rating {

		Rated rate(Trade trade,
				@JoinOn(left = "at.epochSecond", right = "at.epochSecond") Map<Trade, Optional<Quote>> quotes) {
			return (trade.price() < 10) ? new Cheap(trade.price())
					: new Dear(trade.price(), quotes.get(trade).isPresent());
		}

	}

	record Trade(Instant at, int price, Place place) {

	}

	record Place(String name) {

	}

	record Quote(Instant at) {

	}

	sealed interface Rated {

	}

	record Cheap(int price) implements Rated {

	}

	record Dear(int price, boolean quoted) implements Rated {

	}

	record Named(int price) {

	}

	@SuppressWarnings("serial")
	static class Refused extends RuntimeException {

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Broken.Nothing.class)
	@ImportAutoConfiguration(WaterMillAutoConfiguration.class)
	static class Broken {

		@WaterMillProcessor("nothing")
		static class Nothing {

			List<Cheap> make() {
				return List.of();
			}

		}

	}

}
