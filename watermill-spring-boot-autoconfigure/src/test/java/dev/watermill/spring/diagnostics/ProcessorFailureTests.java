package dev.watermill.spring.diagnostics;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

import dev.watermill.delivery.EndOfStream;
import dev.watermill.delivery.MillContext;
import dev.watermill.delivery.Result;
import dev.watermill.spring.FromStream;
import dev.watermill.spring.JoinOn;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.WindowBy;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidJoinException;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidOutputException;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidProcessorException;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidWindowException;
import dev.watermill.spring.diagnostics.MillConfigurationException.MillConflictException;
import dev.watermill.spring.diagnostics.MillConfigurationException.MissingArgumentException;
import dev.watermill.spring.diagnostics.MillConfigurationException.UnknownStreamException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Component;

/**
 * What the author of a processor reads about mistakes in its signature.
 */
class ProcessorFailureTests {

	@TempDir
	Path directory;

	private ConfigurationFailures.Explained start(Class<?>... configuration) {
		return new ConfigurationFailures(this.directory).start(configuration);
	}

	@Test
	void refusesAClassWithoutAFunction() {
		start(NoFunction.class).by(InvalidProcessorException.class)
			.describes("ProcessorFailureTests.NoFunction", "the mill 'none'",
					"declares no method that could be its processing function")
			.advises("Declare one instance method in it that is not private");
	}

	@Test
	void refusesAClassWithSeveralFunctions() {
		start(TwoFunctions.class).by(InvalidProcessorException.class)
			.describes("declares several methods", "first, second")
			.advises("Make the others private", "put @WaterMillProcessor on the method");
	}

	@Test
	void refusesClassAndMethodBothAnnotated() {
		start(ClassAndMethod.class).by(InvalidProcessorException.class)
			.describes("ClassAndMethod is annotated with @WaterMillProcessor, and so are methods of it: function")
			.advises("Annotate the class", "or the methods");
	}

	@Test
	void refusesAPrivateMethod() {
		start(PrivateMethod.class).by(InvalidProcessorException.class)
			.describes("PrivateMethod.function", "is private")
			.advises("not private");
	}

	@Test
	void refusesAFunctionWithoutArguments() {
		start(NoArgument.class).by(InvalidProcessorException.class)
			.describes("NoArgument.function of the mill 'mill' has no argument")
			.advises("Let its first argument be an element");
	}

	@Test
	void refusesAFirstArgumentThatIsNoElement() {
		start(NoElement.class).by(InvalidProcessorException.class)
			.describes("argument 'a' of type Optional<ProcessorFailureTests.A>", "which is no element of a stream")
			.advises("Let the first argument be a record, a bean, a JsonNode");
		start(ContextFirst.class).by(InvalidProcessorException.class)
			.describes("argument 'context' of type MillContext");
	}

	@Test
	void refusesAJoinedMaster() {
		start(JoinedMaster.class).by(InvalidProcessorException.class)
			.describes("is the master, to which the others are joined")
			.advises("Remove @JoinOn");
	}

	@Test
	void refusesABeanThatIsMissing() {
		start(MissingBean.class).by(MissingArgumentException.class)
			.describes("MissingBean.function of the mill 'mill'",
					"needs a bean for its argument 'limits' of type ProcessorFailureTests.Limits, but there is none")
			.advises("Define such a bean", "put @JoinOn or @FromStream on it");
	}

	@Test
	void refusesABeanThatIsNotTheOnlyOne() {
		start(AmbiguousBean.class, TwoLimits.class).by(MissingArgumentException.class)
			.describes("needs one bean", "but there are 2: firstLimits, secondLimits")
			.advises("@Qualifier", "@Primary");
		start(WronglyQualified.class, TwoLimits.class).by(MissingArgumentException.class)
			.describes("but there is none");
	}

	@Test
	void refusesAStreamThatIsThereTwice() {
		start(Twice.class).by(InvalidJoinException.class)
			.describes("has the stream 'b' in its join tree twice")
			.advises("Give each of the two a name of its own with @FromStream");
	}

	@Test
	void refusesALoop() {
		start(Loop.class).by(InvalidJoinException.class)
			.describes("joins streams in a loop", "master 'a'", "b, c")
			.advises("Join one of them to the master");
		start(SelfLoop.class).by(InvalidJoinException.class)
			.describes("argument 'b'", "to itself")
			.advises("a join tree has no loops");
	}

	@Test
	void refusesAParentThatIsNoStream() {
		start(NoParent.class).by(InvalidJoinException.class)
			.describes("no stream argument has the type of its keys")
			.advises("ProcessorFailureTests.A, ProcessorFailureTests.B");
	}

	@Test
	void refusesAnAmbiguousParent() {
		start(AmbiguousParent.class).by(InvalidJoinException.class)
			.describes("joins its argument 'c'", "to one of several streams of that type: b1, b2")
			.advises("@JoinOn(parent = \"b1\")");
	}

	@Test
	void refusesAParentThatDoesNotExist() {
		start(UnknownParent.class).by(UnknownStreamException.class)
			.describes("to the stream 'bees', which it does not have")
			.advises("Did you mean 'b'?", "Its streams are: a, b, c");
		start(WrongParent.class).by(InvalidJoinException.class)
			.describes("to the stream 'a', which can't be its parent")
			.advises("Its parent can be: b");
	}

	@Test
	void refusesSeveralStreamsAsAParent() {
		start(SeveralAsParent.class).by(InvalidJoinException.class)
			.describes("no stream argument has the type of its keys");
	}

	@Test
	void refusesSeveralStreamsInOneElement() {
		start(SeveralInOne.class).by(InvalidProcessorException.class)
			.describes("names several streams on its argument 'b'")
			.advises("Make it a Map<P, List<C>>");
	}

	@Test
	void refusesAPlainJoinUnderAWindow() {
		start(PlainUnderWindow.class).by(InvalidProcessorException.class)
			.describes("has a window, but joins with its argument 'b'")
			.advises("Make it a Map keyed by ProcessorFailureTests.A");
	}

	@Test
	void refusesAWindowOnOneElement() {
		start(WindowOnElement.class).by(InvalidWindowException.class)
			.describes("@WindowBy", "which is one element")
			.advises("Make the argument a List<ProcessorFailureTests.A>");
		start(WindowOnJoin.class).by(InvalidWindowException.class).describes("which is not the first");
	}

	@Test
	void refusesAReturnTypeThatIsNoResult() {
		start(ReturnsFuture.class).by(InvalidProcessorException.class)
			.describes("returns Future<ProcessorFailureTests.B>, and only a CompletionStage tells when an asynchronous "
					+ "function is done")
			.advises("Return a CompletionStage of the result", "toFuture()");
		start(ReturnsStages.class).by(InvalidProcessorException.class)
			.describes(
					"returns List<CompletableFuture<ProcessorFailureTests.B>>, in which a CompletionStage is itself a "
							+ "result")
			.advises("Return one CompletionStage of all results");
		start(ReturnsArray.class).by(InvalidProcessorException.class)
			.describes("which is no result")
			.advises("Return a record", "for none void");
		start(ReturnsNested.class).by(InvalidProcessorException.class).describes("which is no result");
		start(ReturnsResultOfNothing.class).by(InvalidProcessorException.class)
			.describes("returns Result<EndOfStream>, which is no result")
			.advises("Let the Result have a record");
		start(ReturnsResultOfList.class).by(InvalidProcessorException.class)
			.describes("returns Result<List<ProcessorFailureTests.B>>, which is no result");
	}

	@Test
	void refusesResultsOfTwoTypesWithOneName() {
		start(TwoAlarms.class).by(InvalidOutputException.class)
			.describes("two types of the name Fire")
			.advises("watermill.mills.mill.outputs");
	}

	@Test
	void refusesAnEmptyName() {
		start(NamelessOutput.class).by(InvalidOutputException.class).describes("@ToStream without a name");
		start(NamelessInput.class).by(InvalidProcessorException.class).describes("@FromStream without a name");
	}

	@Test
	void refusesAStreamForNoResults() {
		start(StreamOfNothing.class).by(InvalidOutputException.class)
			.describes("StreamOfNothing.function of the mill 'mill' has @ToStream, but returns no results")
			.advises("Remove @ToStream");
	}

	@Test
	void refusesMoreThanOneKeyForASide() {
		start(TooManyKeys.class).by(InvalidJoinException.class)
			.describes("has a @JoinOn with value and with left or right on its argument 'b'")
			.advises("Keep value alone");
		start(KeyForASideToo.class).by(InvalidJoinException.class).describes("with value and with left or right");
	}

	@Test
	void refusesTwoMillsOfOneName() {
		start(Twins.class).by(MillConflictException.class)
			.describes("two mills of the name 'twin'", "FirstTwin.function", "SecondTwin.function")
			.advises("Give one of them another name in @WaterMillProcessor");
	}

	@WaterMillProcessor("none")
	static class NoFunction {

		static void function(A a) {
		}

		private void hidden(A a) {
		}

	}

	@WaterMillProcessor("two")
	static class TwoFunctions {

		void first(A a) {
		}

		void second(A a) {
		}

	}

	@WaterMillProcessor("both")
	static class ClassAndMethod {

		@WaterMillProcessor
		void function(A a) {
		}

	}

	@Component
	static class PrivateMethod {

		@WaterMillProcessor
		private void function(A a) {
		}

	}

	@WaterMillProcessor("mill")
	static class NoArgument {

		void function() {
		}

	}

	@WaterMillProcessor("mill")
	static class NoElement {

		void function(Optional<A> a) {
		}

	}

	@WaterMillProcessor("mill")
	static class ContextFirst {

		void function(MillContext context, A a) {
		}

	}

	@WaterMillProcessor("mill")
	static class JoinedMaster {

		void function(@JoinOn("time") A a) {
		}

	}

	@WaterMillProcessor("mill")
	static class MissingBean {

		void function(A a, Limits limits) {
		}

	}

	@WaterMillProcessor("mill")
	static class AmbiguousBean {

		void function(A a, Limits limit) {
		}

	}

	@WaterMillProcessor("mill")
	static class WronglyQualified {

		void function(A a, @Qualifier("third") Limits limits) {
		}

	}

	static class TwoLimits {

		@Bean
		Limits firstLimits() {
			return new Limits();
		}

		@Bean
		Limits secondLimits() {
			return new Limits();
		}

	}

	@WaterMillProcessor("mill")
	static class Twice {

		void function(A a, @JoinOn("time") Map<A, List<B>> first, @JoinOn("time") Map<A, B> second) {
		}

	}

	@WaterMillProcessor("mill")
	static class Loop {

		void function(A a, @JoinOn("time") Map<C, List<B>> b, @JoinOn("time") Map<B, List<C>> c) {
		}

	}

	@WaterMillProcessor("mill")
	static class SelfLoop {

		void function(A a, @JoinOn("time") Map<B, List<B>> b) {
		}

	}

	@WaterMillProcessor("mill")
	static class NoParent {

		void function(A a, @JoinOn("time") Map<C, List<B>> b) {
		}

	}

	@WaterMillProcessor("mill")
	static class AmbiguousParent {

		void function(A a, @FromStream("b1") @JoinOn("time") Map<A, List<B>> first,
				@FromStream("b2") @JoinOn("time") Map<A, List<B>> second, @JoinOn("time") Map<B, List<C>> c) {
		}

	}

	@WaterMillProcessor("mill")
	static class UnknownParent {

		void function(A a, @JoinOn("time") Map<A, List<B>> b,
				@JoinOn(value = "time", parent = "bees") Map<B, List<C>> c) {
		}

	}

	@WaterMillProcessor("mill")
	static class WrongParent {

		void function(A a, @JoinOn("time") Map<A, List<B>> b, @JoinOn(value = "time", parent = "a") Map<B, List<C>> c) {
		}

	}

	@WaterMillProcessor("mill")
	static class SeveralAsParent {

		void function(A a, @FromStream({ "b1", "b2" }) @JoinOn("time") Map<A, List<B>> b,
				@JoinOn("time") Map<B, List<C>> c) {
		}

	}

	@WaterMillProcessor("mill")
	static class SeveralInOne {

		void function(A a, @FromStream({ "b1", "b2" }) @JoinOn("time") Map<A, B> b) {
		}

	}

	@WaterMillProcessor("mill")
	static class PlainUnderWindow {

		void function(@WindowBy("time") List<A> a, @JoinOn("time") List<B> b) {
		}

	}

	@WaterMillProcessor("mill")
	static class WindowOnElement {

		void function(@WindowBy("time") A a) {
		}

	}

	@WaterMillProcessor("mill")
	static class WindowOnJoin {

		void function(A a, @WindowBy("time") @JoinOn("time") List<B> b) {
		}

	}

	@WaterMillProcessor("mill")
	static class ReturnsFuture {

		Future<B> function(A a) {
			return new CompletableFuture<>();
		}

	}

	@WaterMillProcessor("mill")
	static class ReturnsStages {

		List<CompletableFuture<B>> function(A a) {
			return List.of();
		}

	}

	@WaterMillProcessor("mill")
	static class ReturnsArray {

		B[] function(A a) {
			return new B[0];
		}

	}

	@WaterMillProcessor("robot-speed")
	static class ReturnsResultOfNothing {

		Result<EndOfStream> function(A a) {
			return Result.of(EndOfStream.INSTANCE);
		}

	}

	@WaterMillProcessor("robot-speed")
	static class ReturnsResultOfList {

		Result<List<B>> function(A a) {
			return Result.of(List.of());
		}

	}

	@WaterMillProcessor("mill")
	static class ReturnsNested {

		List<Optional<B>> function(A a) {
			return List.of();
		}

	}

	@WaterMillProcessor("mill")
	static class TwoAlarms {

		Alarm function(A a) {
			return new Alarm.Fire();
		}

	}

	sealed interface Alarm {

		record Fire() implements Alarm {

		}

		sealed interface Drill extends Alarm {

			record Fire() implements Drill {

			}

		}

	}

	@WaterMillProcessor("mill")
	static class NamelessOutput {

		@ToStream("")
		B function(A a) {
			return new B(1);
		}

	}

	@WaterMillProcessor("mill")
	static class NamelessInput {

		void function(@FromStream("") A a) {
		}

	}

	@WaterMillProcessor("mill")
	static class StreamOfNothing {

		@ToStream("b")
		void function(A a) {
		}

	}

	@WaterMillProcessor("mill")
	static class TooManyKeys {

		void function(A a, @JoinOn(value = "time", left = "time", right = "time") Map<A, List<B>> b) {
		}

	}

	@WaterMillProcessor("mill")
	static class KeyForASideToo {

		void function(A a, @JoinOn(value = "time", right = "time + 1") Map<A, List<B>> b) {
		}

	}

	@Import({ FirstTwin.class, SecondTwin.class })
	static class Twins {

	}

	@WaterMillProcessor("twin")
	static class FirstTwin {

		void function(A a) {
		}

	}

	@WaterMillProcessor("Twin")
	static class SecondTwin {

		void function(A a) {
		}

	}

	record A(long time) {

	}

	record B(long time) {

	}

	record C(long time) {

	}

	static class Limits {

	}

}
