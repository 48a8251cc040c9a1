package dev.watermill.spring.processor.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.watermill.Mill;
import dev.watermill.engine.MillState;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidProcessorException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.Scope;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.AnnotationConfigRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.event.EventListener;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which kinds of beans can be processors, and which are refused: each delivery is one
 * call that is over, or has failed, when it returns.
 */
class ProcessorBeanKindsTests {

	@TempDir
	Path directory;

	private ApplicationContextRunner runner;

	@BeforeEach
	void createRunner() {
		Path in = MillsRunner.write(this.directory.resolve("a.json"), "[{\"time\":1},{\"time\":2}]");
		this.runner = MillsRunner.runner(this.directory)
			.withPropertyValues("watermill.streams.a.file=" + in,
					"watermill.streams.out.file=" + this.directory.resolve("out.jsonl"));
	}

	static Stream<Arguments> refused() {
		return Stream.of(row("@Async", AsyncVoid.class, "is asynchronous by @Async"),
				row("@Async with a result", AsyncResult.class, "is asynchronous by @Async"),
				row("@Async on the class", AsyncClass.class, "is asynchronous by @Async"),
				row("@Async by an annotation of one's own", AsyncComposed.class, "is asynchronous by @Async"),
				row("@Async on the method of an interface", AsyncInterface.class, "is asynchronous by @Async"),
				row("request scope", Requested.class, "of the scope 'request'"),
				row("request scope behind a proxy", RequestedProxy.class, "of the scope 'request'"),
				row("session scope behind a proxy", SessionProxy.class, "of the scope 'session'"),
				row("an argument of request scope", AskingForRequest.class, "of the scope 'request'"),
				row("a second function", Two.class, "several methods"),
				row("@Scheduled on the function", ScheduledFunction.class, "no method"));
	}

	static Stream<Arguments> works() {
		return Stream.of(row("a singleton", Plain.class, "1 2"),
				row("@Async without @EnableAsync", NotAsync.class, "1 2"), row("@Lazy", LazyBean.class, "1 2"),
				row("a @Lazy argument", LazyArgument.class, "1 2"),
				row("a prototype: one for the mill", Prototype.class, "1 2"),
				row("@Scheduled on another method", ScheduledBeside.class, "1 2"),
				row("@EventListener on another method", ListenerBeside.class, "1 2"),
				row("@Retryable: repeated within a delivery", RetryableFunction.class, "1 2"),
				row("@Transactional", TransactionalFunction.class, "1 2"),
				row("a scope that is refreshed", Refreshed.class, "1 2"));
	}

	private static Arguments row(String name, Class<?> processor, String expected) {
		return Arguments.of(Named.of(name, processor), expected);
	}

	@ParameterizedTest
	@MethodSource
	void refused(Class<?> processor, String message) {
		this.runner.withUserConfiguration(Common.class, processor)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.isInstanceOf(InvalidProcessorException.class)
				.hasMessageContaining(message));
	}

	@ParameterizedTest
	@MethodSource
	void works(Class<?> processor, String times) {
		this.runner.withUserConfiguration(Common.class, processor).run((context) -> {
			assertThat(context).hasNotFailed();
			Mill mill = MillsRunner.await(context, "kind");
			assertThat(mill.state()).as(() -> mill.status().toString()).isEqualTo(MillState.COMPLETED);
			assertThat(MillsRunner.read(this.directory.resolve("out.jsonl")).lines()).containsExactly(
					Stream.of(times.split(" ")).map((time) -> "{\"time\":" + time + "}").toArray(String[]::new));
		});
	}

	@Test
	void failsWhereATransactionWasRolledBackThoughTheFunctionSwallowedIt() {
		this.runner.withUserConfiguration(Common.class, Swallowing.class).run((context) -> {
			Mill mill = MillsRunner.await(context, "kind");
			assertThat(mill.state()).isEqualTo(MillState.FAILED);
			assertThat(mill.status().lastError().cause()).rootCause().hasMessageContaining("rolled back");
			assertThat(context.getBean(Transactions.class).log).contains("rollback").doesNotContain("commit");
		});
	}

	@Configuration(proxyBeanMethods = false)
	@EnableScheduling
	@EnableTransactionManagement
	@EnableResilientMethods
	static class Common {

		@Bean
		Transactions transactions() {
			return new Transactions();
		}

	}

	@EnableAsync
	@WaterMillProcessor("kind")
	static class AsyncVoid {

		@Async
		void function(A a) {
		}

	}

	@EnableAsync
	@WaterMillProcessor("kind")
	static class AsyncResult {

		@Async
		@ToStream("out")
		A function(A a) {
			return a;
		}

	}

	@EnableAsync
	@Async
	@WaterMillProcessor("kind")
	static class AsyncClass {

		void function(A a) {
		}

	}

	@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
	@interface Elsewhere {

	}

	@EnableAsync(annotation = Elsewhere.class)
	@WaterMillProcessor("kind")
	static class AsyncComposed {

		@Elsewhere
		void function(A a) {
		}

	}

	interface Work {

		@Async
		void function(A a);

	}

	@EnableAsync
	@WaterMillProcessor("kind")
	static class AsyncInterface implements Work {

		@Override
		public void function(A a) {
		}

	}

	@WaterMillProcessor("kind")
	static class NotAsync {

		@Async
		@ToStream("out")
		A function(A a) {
			return a;
		}

	}

	@org.springframework.context.annotation.Scope("request")
	@WaterMillProcessor("kind")
	static class Requested {

		void function(A a) {
		}

	}

	@org.springframework.context.annotation.Scope(value = "request", proxyMode = ScopedProxyMode.TARGET_CLASS)
	@WaterMillProcessor("kind")
	static class RequestedProxy {

		void function(A a) {
		}

	}

	@org.springframework.context.annotation.Scope(value = "session", proxyMode = ScopedProxyMode.TARGET_CLASS)
	@WaterMillProcessor("kind")
	static class SessionProxy {

		void function(A a) {
		}

	}

	@WaterMillProcessor("kind")
	@Import(OfRequest.class)
	static class AskingForRequest {

		void function(A a, OfRequest request) {
		}

	}

	@org.springframework.context.annotation.Scope(value = "request", proxyMode = ScopedProxyMode.TARGET_CLASS)
	static class OfRequest {

	}

	@WaterMillProcessor("kind")
	static class Two {

		void function(A a) {
		}

		void other(A a) {
		}

	}

	@WaterMillProcessor("kind")
	static class ScheduledFunction {

		@Scheduled(fixedDelay = 3_600_000, initialDelay = 3_600_000)
		void function() {
		}

	}

	@WaterMillProcessor("kind")
	static class Plain {

		@ToStream("out")
		A function(A a) {
			return a;
		}

	}

	@Lazy
	@WaterMillProcessor("kind")
	static class LazyBean {

		@ToStream("out")
		A function(A a) {
			return a;
		}

	}

	@WaterMillProcessor("kind")
	@Import(Service.class)
	static class LazyArgument {

		@ToStream("out")
		A function(A a, @Lazy Service service) {
			return service.same(a);
		}

	}

	@Lazy
	static class Service {

		A same(A a) {
			return a;
		}

	}

	@org.springframework.context.annotation.Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
	@WaterMillProcessor("kind")
	static class Prototype {

		private int calls;

		@ToStream("out")
		A function(A a) {
			// one object sees all deliveries
			this.calls++;
			return new A(this.calls);
		}

	}

	@WaterMillProcessor("kind")
	static class ScheduledBeside {

		@ToStream("out")
		A function(A a) {
			return a;
		}

		@Scheduled(fixedDelay = 3_600_000, initialDelay = 3_600_000)
		void tidy() {
		}

	}

	@WaterMillProcessor("kind")
	static class ListenerBeside {

		@ToStream("out")
		A function(A a) {
			return a;
		}

		@EventListener
		void on(AnnotationConfigRegistry event) {
		}

	}

	@WaterMillProcessor("kind")
	static class RetryableFunction {

		private final AtomicInteger calls = new AtomicInteger();

		@Retryable(maxRetries = 2, delay = 1)
		@ToStream("out")
		A function(A a) {
			if (this.calls.incrementAndGet() % 2 == 1) {
				throw new IllegalStateException("the first time");
			}
			return a;
		}

	}

	@WaterMillProcessor("kind")
	static class TransactionalFunction {

		@Transactional
		@ToStream("out")
		A function(A a, Transactions transactions) {
			assertThat(transactions.log).last().isEqualTo("begin");
			return a;
		}

	}

	@WaterMillProcessor("kind")
	@Import(Inner.class)
	static class Swallowing {

		@Transactional
		@ToStream("out")
		A function(A a, Inner inner) {
			try {
				inner.fail();
			}
			catch (IllegalStateException ex) {
				// swallowed
			}
			return a;
		}

	}

	static class Inner {

		@Transactional
		void fail() {
			throw new IllegalStateException("inner");
		}

	}

	@Import(RefreshScope.class)
	@org.springframework.context.annotation.Scope(value = "refresh", proxyMode = ScopedProxyMode.TARGET_CLASS)
	@WaterMillProcessor("kind")
	static class Refreshed {

		@ToStream("out")
		A function(A a, RefreshScope scope) {
			scope.beans.clear();
			return a;
		}

	}

	/**
	 * Does what Spring Cloud's scope of this name does: makes its beans anew.
	 */
	static class RefreshScope implements Scope, BeanFactoryPostProcessor {

		final Map<String, Object> beans = Collections.synchronizedMap(new HashMap<>());

		@Override
		public void postProcessBeanFactory(
				org.springframework.beans.factory.config.ConfigurableListableBeanFactory beanFactory) {
			beanFactory.registerScope("refresh", this);
		}

		@Override
		public Object get(String name, ObjectFactory<?> objectFactory) {
			return this.beans.computeIfAbsent(name, (bean) -> objectFactory.getObject());
		}

		@Override
		public @Nullable Object remove(String name) {
			return this.beans.remove(name);
		}

		@Override
		public void registerDestructionCallback(String name, Runnable callback) {
		}

		@Override
		public @Nullable Object resolveContextualObject(String key) {
			return null;
		}

		@Override
		public String getConversationId() {
			return "one";
		}

	}

	/**
	 * Transactions on nothing.
	 */
	static class Transactions extends AbstractPlatformTransactionManager implements PlatformTransactionManager {

		private static final long serialVersionUID = 1L;

		final transient List<String> log = Collections.synchronizedList(new ArrayList<>());

		private final transient ThreadLocal<Current> current = ThreadLocal.withInitial(Current::new);

		@Override
		protected Object doGetTransaction() {
			return this.current.get();
		}

		@Override
		protected boolean isExistingTransaction(Object transaction) {
			return ((Current) transaction).open;
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
			((Current) transaction).open = true;
			this.log.add("begin");
		}

		@Override
		protected void doSetRollbackOnly(DefaultTransactionStatus status) {
			((Current) status.getTransaction()).rollbackOnly = true;
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
			this.log.add("commit");
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
			this.log.add("rollback");
		}

		@Override
		protected void doCleanupAfterCompletion(Object transaction) {
			this.current.remove();
		}

	}

	static class Current implements org.springframework.transaction.support.SmartTransactionObject {

		boolean open;

		boolean rollbackOnly;

		@Override
		public boolean isRollbackOnly() {
			return this.rollbackOnly;
		}

		@Override
		public void flush() {
		}

	}

	record A(long time) {

	}

}
