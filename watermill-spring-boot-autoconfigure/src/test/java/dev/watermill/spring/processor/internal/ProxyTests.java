package dev.watermill.spring.processor.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.watermill.spring.FromStream;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidProcessorException;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.stereotype.Component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Advice on a processor's bean, such as that of transactions, is applied to its
 * deliveries.
 */
class ProxyTests {

	@TempDir
	Path directory;

	private List<String> run(boolean targetClass, Class<?> processor) {
		Path input = MillsRunner.write(this.directory.resolve("in.json"), "[{\"time\":1},{\"time\":2}]");
		List<String> log = new ArrayList<>();
		MillsRunner.runner(this.directory)
			.withBean("processor", processor)
			.withBean(BeanNameAutoProxyCreator.class, () -> proxyCreator(targetClass))
			.withUserConfiguration(Advice.class)
			.withPropertyValues("watermill.streams.a.file=" + input)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				MillsRunner.await(context, "advised");
				log.addAll(context.getBean(Log.class).lines);
			});
		return log;
	}

	private static BeanNameAutoProxyCreator proxyCreator(boolean targetClass) {
		BeanNameAutoProxyCreator creator = new BeanNameAutoProxyCreator();
		creator.setBeanNames("processor");
		creator.setInterceptorNames("advice");
		creator.setProxyTargetClass(targetClass);
		return creator;
	}

	@Test
	void callsThroughAProxyOfTheClass() {
		assertThat(run(true, PackagePrivate.class)).containsExactly("begin", "1 with log", "end", "begin", "2 with log",
				"end");
	}

	@Test
	void callsThroughAProxyOfItsInterfaces() {
		assertThat(run(false, Implementing.class)).containsExactly("begin", "1", "end", "begin", "2", "end");
	}

	@Test
	void refusesAMethodThatNoInterfaceHas() {
		refused(false, Hidden.class, "none of them has the method");
	}

	@Test
	void refusesAFinalMethod() {
		refused(true, Final.class, "because it is final");
	}

	private void refused(boolean targetClass, Class<?> type, String message) {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.registerBean("processor", type);
			context.registerBean(BeanNameAutoProxyCreator.class, () -> proxyCreator(targetClass));
			context.register(Advice.class);
			context.refresh();
			Processors processors = new Processors(context.getBeanFactory());
			assertThatExceptionOfType(InvalidProcessorException.class).isThrownBy(processors::find)
				.withMessageContaining(message);
		}
	}

	@WaterMillProcessor("advised")
	static class PackagePrivate {

		private final String text = " with log";

		void function(@FromStream("a") A a, Log log) {
			log.lines.add(a.time() + this.text);
		}

	}

	interface Contract {

		void function(A a, Log log);

	}

	@WaterMillProcessor("advised")
	static class Implementing implements Contract {

		@Override
		public void function(A a, Log log) {
			log.lines.add(String.valueOf(a.time()));
		}

	}

	interface Empty {

		void other();

	}

	@Component
	static class Hidden implements Empty {

		@Override
		public void other() {
		}

		@WaterMillProcessor("advised")
		void function(A a) {
		}

	}

	@WaterMillProcessor("advised")
	static class Final {

		final void function(A a) {
		}

	}

	record A(long time) {

	}

	static class Log {

		final List<String> lines = new ArrayList<>();

	}

	static class Advice {

		@Bean
		Log log() {
			return new Log();
		}

		@Bean
		MethodInterceptor advice(BeanFactory beans) {
			return (invocation) -> {
				Log log = beans.getBean(Log.class);
				log.lines.add("begin");
				try {
					return invocation.proceed();
				}
				finally {
					log.lines.add("end");
				}
			};
		}

	}

}
