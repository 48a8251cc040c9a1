package dev.watermill.spring.diagnostics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.engine.MillState;
import dev.watermill.spring.FromStream;
import dev.watermill.spring.JoinOn;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.WindowBy;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidBindingException;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidJoinException;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidKeyExpressionException;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidMillException;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidOutputException;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidPropertyException;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidWindowException;
import dev.watermill.spring.diagnostics.MillConfigurationException.MillConflictException;
import dev.watermill.spring.diagnostics.MillConfigurationException.UnboundStreamException;
import dev.watermill.spring.diagnostics.MillConfigurationException.UnknownPropertyException;
import dev.watermill.spring.diagnostics.MillConfigurationException.UnknownStreamException;
import dev.watermill.spring.diagnostics.MillConfigurationException.UnsupportedPropertyException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.annotation.Bean;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the author of an application's settings reads about mistakes in them.
 */
class SettingFailureTests {

	@TempDir
	Path directory;

	private Path input;

	@BeforeEach
	void writeInput() {
		this.input = MillsRunner.write(this.directory.resolve("in.json"), "[{\"time\":1}]");
	}

	private ConfigurationFailures.Explained start(Class<?> processor, String... properties) {
		return new ConfigurationFailures(this.directory).with(properties).start(processor);
	}

	private String in(String stream) {
		return "watermill.streams." + stream + ".file=" + this.input;
	}

	private String out(String stream) {
		return "watermill.streams." + stream + ".file=" + this.directory.resolve("out/" + stream + ".json");
	}

	@Test
	void refusesAStreamThatIsBoundToNothing() {
		start(Copy.class, out("b")).by(UnboundStreamException.class)
			.describes("The stream 'a' of the mill 'copy' is bound to no place")
			.advises("Set watermill.streams.a.file", "watermill.streams.a.topic", "watermill.streams.a.broker");
	}

	@Test
	void namesTheStreamThatMayBeMeant() {
		start(Named.class, in("robot-lcation"), out("b")).by(UnboundStreamException.class)
			.describes("'robot-location'")
			.advises("Did you mean 'robot-lcation'?");
		start(Copy.class, in("ab"), out("b")).by(UnboundStreamException.class)
			.advises("Did you mean 'ab'? Then correct watermill.streams.ab");
	}

	@Test
	void refusesAStreamThatIsBoundTwice() {
		new ConfigurationFailures(this.directory).with(in("a"), "watermill.streams.a.broker=memory", out("b"))
			.start(Copy.class, Memory.class)
			.by(InvalidBindingException.class)
			.describes("The stream 'a' is bound to more than one place", "broker", "file")
			.advises("Keep one of them under watermill.streams.a");
	}

	@Test
	void refusesABrokerThatIsNoBean() {
		new ConfigurationFailures(this.directory).with("watermill.streams.a.broker=memroy", out("b"))
			.start(Copy.class, Memory.class)
			.by(InvalidBindingException.class)
			.describes("watermill.streams.a.broker names the bean 'memroy', but there is no such bean")
			.advises("Did you mean 'memory'?");
	}

	@Test
	void refusesADeserializerThatIsNoBean() {
		start(Copy.class, in("a"), "watermill.streams.a.deserializer=copy", out("b")).by(InvalidBindingException.class)
			.describes("watermill.streams.a.deserializer names the bean 'copy'")
			.advises("Define a bean of this name and of type ElementDecoder");
	}

	@Test
	void refusesBrokerSettingsOfAFile() {
		start(Copy.class, in("a"), "watermill.streams.a.properties.fetch=10", out("b"))
			.by(InvalidBindingException.class)
			.describes("has settings for a broker: fetch")
			.advises("Remove watermill.streams.a.properties");
	}

	@Test
	void refusesAMissingFile() {
		start(Copy.class, "watermill.streams.a.file=" + this.directory.resolve("missing.json"), out("b"))
			.by(InvalidBindingException.class)
			.describes("The mill 'copy' can't read its stream 'a'", "missing.json", "does not exist")
			.advises("or correct watermill.streams.a.file.");
	}

	@Test
	void refusesADirectory() throws IOException {
		Path folder = Files.createDirectory(this.directory.resolve("folder.json"));
		start(Copy.class, "watermill.streams.a.file=" + folder, out("b")).by(InvalidBindingException.class)
			.describes("is a directory")
			.advises("or correct watermill.streams.a.file.");
	}

	@Test
	void refusesAFileThatIsNotCompressed() {
		Path file = MillsRunner.write(this.directory.resolve("in.json.gz"), "[{\"time\":1}]");
		start(Copy.class, "watermill.streams.a.file=" + file, out("b")).by(InvalidBindingException.class)
			.advises("or correct watermill.streams.a.file.");
	}

	@Test
	void refusesAFileOfUnknownKind() {
		start(Copy.class, "watermill.streams.a.file=" + this.directory.resolve("in.csv"), out("b"))
			.by(InvalidBindingException.class)
			.describes("The mill 'copy' can't read its stream 'a'", "in.csv", ".json")
			.advises("Correct watermill.streams.a.file");
	}

	@Test
	void refusesAnUnwritableOutput() {
		start(Copy.class, in("a"), "watermill.streams.b.file=" + this.input + "/out.json")
			.by(InvalidBindingException.class)
			.describes("The mill 'copy' can't write its stream 'b'")
			.advises("or correct watermill.streams.b.file.");
	}

	@Test
	void refusesTwoMillsThatWriteOneFile() {
		new ConfigurationFailures(this.directory).with(in("a"), out("b"), out("c").replace("c.json", "b.json"))
			.start(Copy.class, Other.class)
			.by(MillConflictException.class)
			.describes("Two output streams are bound to one place", "'b' of the mill 'copy'", "'c' of the mill 'other'")
			.advises("watermill.streams.b", "watermill.streams.c");
	}

	@Test
	void refusesTwoMillsThatWriteOneFileByTwoNames() throws IOException {
		Files.createLink(this.directory.resolve("d.jsonl"),
				Files.writeString(this.directory.resolve("c.jsonl"), "1\n"));
		new ConfigurationFailures(this.directory)
			.with(in("a"), "watermill.streams.b.file=" + this.directory.resolve("c.jsonl"),
					"watermill.streams.c.file=" + this.directory.resolve("d.jsonl"))
			.start(Copy.class, Other.class)
			.by(MillConflictException.class)
			.describes("Two output streams are bound to one place", "'b' of the mill 'copy'", "'c' of the mill 'other'")
			.advises("watermill.streams.b", "watermill.streams.c");
	}

	@Test
	void refusesAMillThatReadsItsOutput() {
		start(Copy.class, in("a"), in("b")).by(MillConflictException.class)
			.describes("The mill 'copy' reads its own output", "'a'", "'b'")
			.advises("Bind one of them to another place");
	}

	@Test
	void refusesAMillThatWritesTheStreamThatItReads() {
		start(Filter.class, in("a")).by(MillConflictException.class)
			.describes("The mill 'filter' reads its own output", "it reads the stream 'a' and writes it, in file")
			.advises("@ToStream");
	}

	@Test
	void refusesTwoMillsThatWriteOneStream() {
		new ConfigurationFailures(this.directory).with(in("a"), in("robot-location"), out("b"))
			.start(Copy.class, Named.class)
			.by(MillConflictException.class)
			.describes("Two output streams are bound to one place", "'b' of the mill 'copy'", "'b' of the mill 'named'")
			.advises("Give the stream of one of them a name of its own with @ToStream");
	}

	@Test
	void refusesWindowsThatAreLargerThanTheLargest() {
		start(Hundreds.class, in("a"), "watermill.mills.window.max-window-size=99").by(InvalidMillException.class)
			.describes("windows of 100 elements", "max-window-size is 99")
			.advises("watermill.mills.window");
	}

	@Test
	void refusesAMillWhosePatternTakesInItsOutput() {
		new ConfigurationFailures(this.directory)
			.with("watermill.streams.a.file=" + this.directory.resolve("x-*.jsonl"),
					"watermill.streams.b.file=" + this.directory.resolve("x-2.jsonl"))
			.start(Copy.class)
			.by(MillConflictException.class)
			.describes("The mill 'copy' reads its own output", "'a'", "'b'", "x-*.jsonl", "of which", "x-2.jsonl")
			.advises("Bind one of them to another place");
	}

	@Test
	void refusesACircleOfMills() {
		new ConfigurationFailures(this.directory).with(out("a"), out("b"))
			.start(Copy.class, Back.class)
			.by(MillConflictException.class)
			.describes("Mills wait for each other in a circle", "back -> copy -> back")
			.advises("Bind one of the streams between them to another place");
	}

	@Test
	void refusesAJoinWithoutACondition() {
		start(NoCondition.class, in("a"), in("b")).by(InvalidJoinException.class)
			.describes("no join condition between the streams 'a' and 'b' of the mill 'join'")
			.advises("@JoinOn", "watermill.mills.join.joins.b.left and .right");
		start(NoCondition.class, in("a"), in("b"), "watermill.mills.join.joins.b.left=time")
			.by(InvalidJoinException.class)
			.describes("the right key is missing");
	}

	@Test
	void refusesAnUnknownField() {
		start(NoCondition.class, in("a"), in("b"), "watermill.mills.join.joins.b.left=tme",
				"watermill.mills.join.joins.b.right=time")
			.by(InvalidKeyExpressionException.class)
			.describes("The left key of the join of 'b' to 'a' in the mill 'join'", "A has no field 'tme'")
			.advises("Did you mean 'time'?", "The key comes from watermill.mills.join.joins.b.left.");
		start(NoCondition.class, in("a"), in("b"), "watermill.mills.join.joins.b.left=time",
				"watermill.mills.join.joins.b.right=tme")
			.by(InvalidKeyExpressionException.class)
			.advises("The key comes from watermill.mills.join.joins.b.right.");
	}

	@Test
	void namesTheAnnotationOfAnUnknownField() {
		start(BadJoin.class, in("a"), in("b")).by(InvalidKeyExpressionException.class)
			.advises("The key comes from @JoinOn on the argument of SettingFailureTests.BadJoin.join.");
		start(BadWindow.class, in("a")).by(InvalidKeyExpressionException.class)
			.advises("The key comes from @WindowBy on the first argument of SettingFailureTests.BadWindow.window.");
	}

	@Test
	void refusesAnUnknownFieldOfAWindow() {
		start(NoWindow.class, in("a"), "watermill.mills.window.window.by=tme").by(InvalidKeyExpressionException.class)
			.advises("Did you mean 'time'?", "The key comes from watermill.mills.window.window.by.");
		start(BadWindow.class, in("a"), "watermill.mills.window.window.by=tmee").by(InvalidKeyExpressionException.class)
			.advises("The key comes from watermill.mills.window.window.by.");
	}

	@Test
	void refusesALongestPauseThatIsShorterThanTheFirst() {
		start(Copy.class, in("a"), out("b"), "watermill.mills.copy.retry.delay=10s",
				"watermill.mills.copy.retry.max-delay=5s")
			.by(InvalidPropertyException.class)
			.describes("The property watermill.mills.copy.retry.max-delay is PT5S, which is less than "
					+ "watermill.mills.copy.retry.delay, PT10S")
			.advises("Set watermill.mills.copy.retry.max-delay to at least that");
	}

	@Test
	void refusesALongestPauseBeforeRestartsThatIsShorterThanTheFirst() {
		start(Copy.class, in("a"), out("b"), "watermill.mills.copy.restart.max-delay=5s")
			.by(InvalidPropertyException.class)
			.describes("The property watermill.mills.copy.restart.max-delay is PT5S, which is less than "
					+ "watermill.mills.copy.restart.delay, PT10S");
	}

	@Test
	void refusesAStreamInTwoSpellings() {
		start(Copy.class, in("a"), out("A"), out("b")).by(InvalidPropertyException.class)
			.describes("watermill.streams.a.file", "watermill.streams.A.file", "different values")
			.advises("Keep one of them");
	}

	@Test
	void takesAStreamInTwoSpellingsFromTwoSources() {
		MillsRunner.runner(this.directory)
			.withUserConfiguration(Copy.class)
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("systemEnvironment-test",
						Map.of("WATERMILL_STREAMS_A_FILE", this.input.toString()))))
			.withPropertyValues("watermill.streams.a.file=missing.json", out("b"))
			.run((context) -> assertThat(MillsRunner.await(context, "copy").state()).isEqualTo(MillState.COMPLETED));
	}

	@Test
	void refusesAnExpressionThatIsNone() {
		start(NoCondition.class, in("a"), in("b"), "watermill.mills.join.joins.b.left=time +",
				"watermill.mills.join.joins.b.right=time")
			.by(InvalidKeyExpressionException.class)
			.describes("'time +'");
	}

	@Test
	void refusesKeysThatCanNotBeCompared() {
		start(NoCondition.class, in("a"), in("b"), "watermill.mills.join.joins.b.left=time",
				"watermill.mills.join.joins.b.right=name")
			.by(InvalidJoinException.class)
			.describes("'a' and 'b' of the mill 'join' can't be joined", "left key 'time'", "right key 'name'")
			.advises("Choose keys of one kind");
	}

	@Test
	void refusesAJoinOfAnUnknownStream() {
		start(NoCondition.class, in("a"), in("b"), "watermill.mills.join.joins.bee.left=time")
			.by(UnknownStreamException.class)
			.describes("watermill.mills.join.joins.bee names a stream that the mill does not join")
			.advises("Did you mean 'b'? It joins: b");
		start(Copy.class, in("a"), out("b"), "watermill.mills.copy.joins.bee.left=time")
			.by(UnknownStreamException.class)
			.advises("Remove it: the mill joins no streams");
	}

	@Test
	void refusesAnUnknownProperty() {
		start(Copy.class, in("a"), out("b"), "watermill.mills.copy.pol-timeout=1s").by(UnknownPropertyException.class)
			.describes("There is no property watermill.mills.copy.pol-timeout")
			.advises("Did you mean 'poll-timeout'? Correct or remove watermill.mills.copy.pol-timeout.");
		start(Copy.class, in("a"), out("b"), "watermill.mills.copy.rety.delay=1s", "watermill.strems.a.file=a.json")
			.by(UnknownPropertyException.class)
			.describes("watermill.mills.copy.rety.delay", "watermill.strems.a.file")
			.advises("Did you mean 'retry'?", "Did you mean 'streams'?");
	}

	@Test
	void refusesAListWithoutAWindow() {
		start(NoWindow.class, in("a")).by(InvalidWindowException.class)
			.describes("The mill 'window' takes a List as its first argument, but nothing says how windows are cut")
			.advises("@WindowBy", "watermill.mills.window.window.by, .count or .every");
	}

	@Test
	void refusesAWindowForOneElement() {
		start(Copy.class, in("a"), out("b"), "watermill.mills.copy.window.by=time").by(InvalidWindowException.class)
			.describes("watermill.mills.copy.window, but its function takes one element")
			.advises("a List<A>");
	}

	@Test
	void refusesAWindowInTwoWays() {
		start(NoWindow.class, in("a"), "watermill.mills.window.window.by=time",
				"watermill.mills.window.window.every=1s")
			.by(InvalidWindowException.class)
			.describes("in more than one way")
			.advises("Keep one of watermill.mills.window.window.by, .count and .every");
	}

	@Test
	void refusesWindowsThatCanNotBe() {
		String window = "watermill.mills.window.window.";
		start(NoWindow.class, in("a"), window + "size=5m").by(InvalidWindowException.class)
			.describes("has windows of a size, or sessions, but no key for them");
		start(NoWindow.class, in("a"), window + "by=time", window + "size=5m").by(InvalidWindowException.class)
			.describes(
					"has windows that can't be: 'time' is a number, but PT5M is a time. Give a number in the units of "
							+ "the key.")
			.advises("Correct the key, or the distances, in watermill.mills.window.window.")
			.description()
			.doesNotContain("..");
		start(NoWindow.class, in("a"), window + "by=time", window + "size=0").by(InvalidWindowException.class)
			.describes("has windows of the size 0, which is not positive")
			.advises(window + "size");
		start(NoWindow.class, in("a"), window + "by=time", window + "size=5", window + "step=0s")
			.by(InvalidWindowException.class)
			.describes("has windows of the step 0, which is not positive")
			.advises(window + "step");
		start(NoWindow.class, in("a"), window + "by=time", window + "size=x").by(InvalidWindowException.class)
			.describes("has windows of the size x, which is no distance between keys")
			.advises(window + "size");
		start(NoWindow.class, in("a"), window + "by=time", window + "size=5", window + "gap=5")
			.by(InvalidWindowException.class)
			.describes("in more than one way")
			.advises("one of .size and .gap");
		start(NoWindow.class, in("a"), window + "by=time", window + "step=5").by(InvalidWindowException.class)
			.describes("has a step or an offset of windows, but no size");
		start(NoWindow.class, in("a"), window + "count=3", window + "gap=5").by(InvalidWindowException.class)
			.describes("has windows that are not cut by a key, so they have no size, step, offset or gap");
		start(NoWindow.class, in("a"), window + "count=0").by(InvalidWindowException.class)
			.describes("has windows of 0 elements");
		start(NoWindow.class, in("a"), window + "by=time", window + "size=1000000", window + "step=1")
			.by(InvalidWindowException.class)
			.describes("Each element would be in more than 10000 windows");
	}

	@Test
	void refusesWindowsByTheClockWithJoins() {
		start(JoinedEvery.class, in("a"), in("b")).by(InvalidWindowException.class)
			.describes("joins streams, so its windows can't be cut by the clock")
			.advises("Window by an expression instead of @WindowBy");
	}

	@Test
	void refusesAWindowThatIsNoDuration() {
		start(BadEvery.class, in("a")).by(InvalidWindowException.class)
			.describes("'soon', which is no duration")
			.advises("@WindowBy on the first argument of SettingFailureTests.BadEvery.window");
		start(NoWindow.class, in("a"), "watermill.mills.window.window.every=-1s").by(InvalidWindowException.class)
			.describes("not positive")
			.advises("in watermill.mills.window.window.every.");
	}

	@Test
	void refusesAWindowFunctionThatIsNoBean() {
		start(FunctionWindow.class, in("a")).by(InvalidWindowException.class)
			.describes("the window function 'shift', but there is no WindowFunction bean")
			.advises("Define it");
	}

	@Test
	void refusesResultsOfAnyTypeWithoutAStream() {
		start(AnyResult.class, in("a")).by(InvalidOutputException.class)
			.describes("The mill 'any' returns results of any type")
			.advises("@ToStream", "watermill.mills.any.outputs");
	}

	@Test
	void refusesOutputsThatFitNoResult() {
		start(Copy.class, in("a"), out("b"), "watermill.mills.copy.outputs.x=com.acme.Missing")
			.by(InvalidOutputException.class)
			.describes("watermill.mills.copy.outputs.x names the class 'com.acme.Missing', which can't be found")
			.advises("Write its full name");
		start(Copy.class, in("a"), out("b"), "watermill.mills.copy.outputs.x=java.lang.String")
			.by(InvalidOutputException.class)
			.describes("results of type B", "java.lang.String, which is none of them");
		start(NoWindow.class, in("a"), "watermill.mills.window.window.by=time",
				"watermill.mills.window.outputs.x=" + B.class.getName())
			.by(InvalidOutputException.class)
			.describes("its function returns no results");
		start(AnyResult.class, in("a"), "watermill.mills.any.outputs[0]=x", "watermill.mills.any.outputs[1]=y")
			.by(InvalidOutputException.class)
			.describes("several output streams without types")
			.advises("watermill.mills.any.outputs.x=com.acme.Alarm");
	}

	@ParameterizedTest
	@CsvSource({ "poll-timeout=0s, a positive duration", "commit-interval=-1s, a positive duration",
			"max-group-size=0, at least 1", "max-window-size=0, at least 1", "retry.max-retries=-1, for no retry",
			"retry.delay=-1s, not negative", "retry.max-delay=-1s, not negative", "retry.jitter=-1s, not negative",
			"retry.multiplier=0.5, at least 1", "restart.max-restarts=-1, for no restart",
			"restart.delay=0s, a positive duration", "restart.max-delay=0s, a positive duration",
			"concurrency=0, at least 1", "hand-over-timeout=0s, a positive duration",
			"data-timeout=0s, a positive duration", "idle=0s, a positive duration", "start-from=yesterday, latest",
			"start-from=2026-01-31, an instant such as 2026-01-31T00:00:00Z" })
	void refusesValuesThatMakeNoSense(String property, String expected) {
		start(Copy.class, in("a"), out("b"), "watermill.mills.copy." + property).by(InvalidPropertyException.class)
			.describes("The property watermill.mills.copy." + property.substring(0, property.indexOf('=')))
			.advises(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "poll-timeout", "commit-interval", "hand-over-timeout", "data-timeout", "retry.delay",
			"retry.max-delay", "retry.jitter", "restart.delay", "restart.max-delay" })
	void refusesDurationsThatNoClockCounts(String property) {
		for (String duration : List.of("150000d", "9223372036854775807s", "PT9223372036854775807S")) {
			// The longest pause is at least the first, so that it is not that one's fault
			start(Copy.class, in("a"), out("b"), "watermill.mills.copy.retry.max-delay=36500d",
					"watermill.mills.copy." + property + "=" + duration)
				.by(InvalidPropertyException.class)
				.describes("The property watermill.mills.copy." + property + " is PT")
				.advises("at most 36500d");
		}
	}

	@ParameterizedTest
	@CsvSource({ "start-from=1969-12-31T23:59:59Z, of the years from 1970 to 9999",
			"start-from=+999999999-12-31T23:59:59Z, of the years from 1970 to 9999" })
	void refusesTimesThatNoTopicKnows(String property, String expected) {
		start(Copy.class, in("a"), out("b"), "watermill.mills.copy." + property).by(InvalidPropertyException.class)
			.describes("The property watermill.mills.copy.start-from is")
			.advises(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "3GB", "0B", "-1KB", "9223372036854775807B" })
	void refusesSizesOfElementsThatNoFileCanBeReadWith(String size) {
		start(Copy.class, in("a"), out("b"), "watermill.files.max-element-size=" + size)
			.by(InvalidPropertyException.class)
			.describes("The property watermill.files.max-element-size is ")
			.advises("at least 1B and at most 1GB");
	}

	@Test
	void refusesWindowsThatNoClockCounts() {
		start(NoWindow.class, in("a"), "watermill.mills.window.window.every=150000d").by(InvalidWindowException.class)
			.describes("The mill 'window' has windows of PT3600000H, which is too long")
			.advises("at most 36500d in watermill.mills.window.window.every");
		start(LongWindow.class, in("a")).by(InvalidWindowException.class)
			.describes("has windows of 150000d, which is too long")
			.advises("in @WindowBy on the first argument of SettingFailureTests.LongWindow.window");
	}

	@Test
	void namesThePropertyOfANumberThatIsNone() {
		for (String property : List.of("mills.copy.commit-interval=9223372036854775807d",
				"mills.copy.max-group-size=2147483648", "files.max-element-size=99999999999999999999B",
				"mills.copy.commit-interval=soon")) {
			MillsRunner.runner(this.directory)
				.withUserConfiguration(Copy.class)
				.withPropertyValues(in("a"), out("b"), "watermill." + property)
				.run((context) -> assertThat(context).hasFailed()
					.getFailure()
					.hasStackTraceContaining("'watermill." + property.substring(0, property.indexOf('=')) + "'"));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "max-in-flight=64", "delivery-timeout=5s" })
	void refusesWhatHasNoEffectOnAFunctionThatAnswersAtOnce(String property) {
		String name = "watermill.mills.copy." + property.substring(0, property.indexOf('='));
		start(Copy.class, in("a"), out("b"), "watermill.mills.copy." + property).by(UnsupportedPropertyException.class)
			.describes("The property " + name + " can't be used: ", "Copy", "returns no CompletionStage")
			.advises("Remove " + name);
	}

	@ParameterizedTest
	@ValueSource(strings = { "topics[0]=x", "topics=x,y" })
	void refusesTopicsBesideAFile(String property) {
		start(Copy.class, in("a"), out("b"), "watermill.streams.a." + property).by(InvalidBindingException.class)
			.describes("application has no Kafka")
			.advises("replace watermill.streams.a.topics by .file or .broker");
	}

	@Test
	void takesSettingsThatAreLeftEmpty() {
		MillsRunner.runner(this.directory)
			.withUserConfiguration(Copy.class)
			.withPropertyValues(in("a"), out("b"), "watermill.streams.a.reorder=", "watermill.mills.copy.idle=",
					"watermill.mills.copy.delivery-timeout=")
			.run((context) -> assertThat(MillsRunner.await(context, "copy").state()).isEqualTo(MillState.COMPLETED));
	}

	@Test
	void refusesPartitionsThatAreMergedAndBroadcast() {
		start(Copy.class, in("a"), out("b"), "watermill.streams.a.merge=true", "watermill.streams.a.broadcast=true")
			.by(InvalidPropertyException.class)
			.describes("Both watermill.streams.a.merge and watermill.streams.a.broadcast are true")
			.advises("merge where the topic has several partitions, broadcast where it has one");
	}

	@Test
	void refusesAMarkWhereLanesSharePartitions() {
		start(Copy.class, in("a"), out("b"), "watermill.streams.b.partition-by=key",
				"watermill.streams.b.end-mark=header")
			.by(InvalidPropertyException.class)
			.describes("The property watermill.streams.b.end-mark is header",
					"with watermill.streams.b.partition-by=key no mark of the end is written")
			.advises("Remove watermill.streams.b.end-mark", "watermill.streams.b.partition-by=lane");
	}

	@Test
	void refusesASystemPropertyThatDoesNotExist() {
		for (String property : List.of("watermill.mills.copy.idel", "watermill.mills.copy.pol-timeout")) {
			MillsRunner.runner(this.directory)
				.withUserConfiguration(Copy.class)
				.withSystemProperties(property + "=5s")
				.withPropertyValues(in("a"), out("b"))
				.run((context) -> assertThat(context).hasFailed().getFailure().hasStackTraceContaining(property));
		}
	}

	@Test
	void refusesToResetAMillThatDoesNotExist() {
		start(Copy.class, in("a"), out("b"), "watermill.reset=copy,coppy").by(InvalidPropertyException.class)
			.describes("The property watermill.reset names 'coppy', but there is no mill of this name.")
			.advises("Did you mean 'copy'? The mills are: copy.");
	}

	@ParameterizedTest
	@CsvSource({ "mills.copy.start-from=latest, the mill reads no topic",
			"mills.copy.start-from=2026-01-31T00:00:00Z, the mill reads no topic",
			"mills.copy.data-timeout=1m, the mill reads no topic" })
	void refusesWhatMeansNothing(String property, String reason) {
		String name = property.substring(0, property.indexOf('='));
		start(Copy.class, in("a"), out("b"), "watermill." + property).by(UnsupportedPropertyException.class)
			.describes("The property watermill." + name + " can't be used: " + reason);
	}

	@Test
	void refusesIdleWhereNothingWaitsForWhatMayCome() {
		start(Copy.class, in("a"), out("b"), "watermill.mills.copy.idle=1m").by(InvalidMillException.class)
			.describes("The mill 'copy' has neither windows nor joins", "idle has no effect");
		start(LongWindow.class, in("a"), "watermill.mills.window.window.every=1s", "watermill.mills.window.idle=1m")
			.by(UnsupportedPropertyException.class)
			.describes("The property watermill.mills.window.idle can't be used: the mill reads no topic")
			.advises("Remove watermill.mills.window.idle");
	}

	@Test
	void refusesSettingsOfATopicForAFile() {
		start(Copy.class, in("a"), out("b"), "watermill.streams.b.key=time").by(InvalidBindingException.class)
			.describes("The stream 'b' is bound to the file", "a key for its records")
			.advises("Remove watermill.streams.b.key, or bind the stream to a topic");
		start(Copy.class, in("a"), out("b"), "watermill.streams.a.align-segments=true")
			.by(InvalidBindingException.class)
			.describes("segments to align")
			.advises("Remove watermill.streams.a.align-segments");
	}

	@ParameterizedTest
	@ValueSource(strings = { "streams.a.on-invalid", "streams.a.on-tombstone", "streams.a.on-disorder",
			"mills.copy.on-error" })
	void refusesDeadLettersOfAFileWithoutAPlace(String property) {
		start(Copy.class, in("a"), out("b"), "watermill." + property + "=dead-letter").by(InvalidBindingException.class)
			.describes("watermill." + property + " is dead-letter", "the stream 'a'", "a file has no place")
			.advises("watermill.streams.a.dead-letter.file", ".jsonl", ".topic", "watermill.mills.copy.dead-letter",
					"choose fail or skip");
	}

	@ParameterizedTest
	@ValueSource(strings = { "streams.a", "mills.copy" })
	void refusesAPlaceOfDeadLettersThatCanBeNone(String owner) {
		String place = "watermill." + owner + ".dead-letter";
		start(Copy.class, in("a"), out("b"), place + ".file=dead.json").by(InvalidBindingException.class)
			.describes("can't write the dead letters", "dead.json", ".jsonl")
			.advises("Correct " + place + ".file");
		start(Copy.class, in("a"), out("b"), place + ".file=classpath:dead.jsonl").by(InvalidBindingException.class)
			.describes(place + ".file is classpath:dead.jsonl", "can only be read");
		start(Copy.class, in("a"), out("b"), place + ".topic=dead").by(InvalidBindingException.class)
			.describes(place + ".topic is the topic dead", "has no Kafka")
			.advises("spring-boot-starter-kafka", "name a file");
		start(Copy.class, in("a"), out("b"), place + ".topic=dead", place + ".file=dead.jsonl")
			.by(InvalidBindingException.class)
			.describes("Dead letters would go to two places: " + place + ".topic and " + place + ".file are set")
			.advises("Keep one of them");
	}

	@ParameterizedTest
	@ValueSource(strings = { "streams.a", "mills.copy" })
	void refusesAFileOfDeadLettersThatIsAnOutput(String owner) {
		String file = "file=" + this.directory.resolve("b.jsonl");
		start(Copy.class, in("a"), "watermill.streams.b." + file, "watermill.streams.a.on-invalid=dead-letter",
				"watermill." + owner + ".dead-letter." + file)
			.by(MillConflictException.class)
			.describes("Two output streams of the mill 'copy' are bound to one place", "b.jsonl")
			.advises("under watermill.streams.b or watermill." + owner + ".dead-letter.");
	}

	@Test
	void refusesATopicWithoutKafka() {
		start(Copy.class, "watermill.streams.a.topic=as", out("b")).by(InvalidBindingException.class)
			.describes("The stream 'a' is bound to the topic as, but the application has no Kafka")
			.advises("Add the dependency org.springframework.boot:spring-boot-starter-kafka",
					"watermill.streams.a.topic");
		start(Copy.class, in("a"), "watermill.streams.a.topic=as", out("b")).by(InvalidBindingException.class)
			.describes("the application has no Kafka");
	}

	@WaterMillProcessor("copy")
	static class Copy {

		B copy(A a) {
			return new B(a.time(), "");
		}

	}

	@WaterMillProcessor("filter")
	static class Filter {

		A filter(A a) {
			return a;
		}

	}

	@WaterMillProcessor("window")
	static class Hundreds {

		void window(@WindowBy(count = 100) List<A> as) {
		}

	}

	@WaterMillProcessor("named")
	static class Named {

		B copy(@FromStream("robot-location") A a) {
			return new B(a.time(), "");
		}

	}

	@WaterMillProcessor("other")
	static class Other {

		@ToStream("c")
		B copy(A a) {
			return new B(a.time(), "");
		}

	}

	@WaterMillProcessor("back")
	static class Back {

		A copy(B b) {
			return new A(b.time());
		}

	}

	@WaterMillProcessor("join")
	static class NoCondition {

		void join(A a, Map<A, List<B>> b) {
		}

	}

	@WaterMillProcessor("window")
	static class NoWindow {

		void window(List<A> as) {
		}

	}

	@WaterMillProcessor("join")
	static class BadJoin {

		void join(A a, @JoinOn("tme") Map<A, List<B>> b) {
		}

	}

	@WaterMillProcessor("window")
	static class BadWindow {

		void window(@WindowBy("tme") List<A> as) {
		}

	}

	@WaterMillProcessor("window")
	static class BadEvery {

		void window(@WindowBy(every = "soon") List<A> as) {
		}

	}

	@WaterMillProcessor("window")
	static class LongWindow {

		void window(@WindowBy(every = "150000d") List<A> as) {
		}

	}

	@WaterMillProcessor("window")
	static class JoinedEvery {

		void window(@WindowBy(every = "1s") List<A> as, @JoinOn("time") Map<A, List<B>> b) {
		}

	}

	@WaterMillProcessor("window")
	static class FunctionWindow {

		void window(@WindowBy(function = "shift") List<A> as) {
		}

	}

	@WaterMillProcessor("any")
	static class AnyResult {

		Object any(A a) {
			return a;
		}

	}

	static class Memory {

		@Bean
		InMemoryBroker memory() {
			return new InMemoryBroker();
		}

	}

	record A(long time) {

	}

	record B(long time, String name) {

	}

}
