package dev.watermill.spring.processor.internal;

import java.util.List;

import dev.watermill.spring.WaterMillProcessor;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.BeanNameAware;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which methods of which beans are processing functions, and how their mills are called.
 */
class DiscoveryTests {

	private List<String> find(Class<?>... classes) {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(classes)) {
			return new Processors(context.getBeanFactory()).find()
				.stream()
				.map((processor) -> processor.mill() + "=" + processor.description().replace("DiscoveryTests.", ""))
				.sorted()
				.toList();
		}
	}

	@Test
	void namesAMillByItsBean() {
		assertThat(find(BeanMethods.class)).containsExactly("named-by-annotation=NoName.function",
				"some-processor=NoName.function");
	}

	@Test
	void findsTheFunctionAmongCallbacks() {
		assertThat(find(Callbacks.class)).containsExactly("callbacks=Callbacks.function");
	}

	@Test
	void passesOverInitAndDestroyMethods() {
		assertThat(find(LifecycleMethods.class)).containsExactly("processor=WithLifecycle.function");
	}

	@Test
	void findsSeveralFunctionsOfABean() {
		assertThat(find(Several.class)).containsExactly("named=Several.third", "robot-speed=Several.robotSpeed",
				"second=Several.second");
	}

	@Test
	void findsFunctionsOfConfigurationsAndScopedBeans() {
		assertThat(find(Config.class, ScopedBean.class)).containsExactly("in-config=Config.inConfig",
				"scoped=ScopedBean.function");
	}

	static class BeanMethods {

		@Bean
		NoName someProcessor() {
			return new NoName();
		}

		@Bean
		@WaterMillProcessor("named-by-annotation")
		NoName other() {
			return new NoName();
		}

	}

	@WaterMillProcessor
	static class NoName {

		void function(A a) {
		}

	}

	@WaterMillProcessor("callbacks")
	static class Callbacks extends Base implements InitializingBean, DisposableBean, BeanNameAware, AutoCloseable {

		@PostConstruct
		void begin() {
		}

		@PreDestroy
		void end() {
		}

		@Autowired
		void setContext(ApplicationContext context) {
		}

		@EventListener
		void on(ContextRefreshedEvent event) {
		}

		@Bean
		static String text() {
			return "";
		}

		@Override
		public void afterPropertiesSet() {
		}

		@Override
		public void destroy() {
		}

		@Override
		public void setBeanName(String name) {
		}

		@Override
		public void close() {
		}

		@Override
		public String toString() {
			return "callbacks";
		}

		void function(A a) {
			hidden();
		}

		private void hidden() {
		}

		static void forAll() {
		}

	}

	static class Base {

		void inherited(A a) {
		}

	}

	static class LifecycleMethods {

		@Bean(initMethod = "open", destroyMethod = "shut")
		WithLifecycle processor() {
			return new WithLifecycle();
		}

	}

	@WaterMillProcessor
	static class WithLifecycle {

		void open() {
		}

		void shut() {
		}

		void function(A a) {
		}

	}

	@Component
	static class Several implements Declared {

		@WaterMillProcessor
		void robotSpeed(A a) {
		}

		@WaterMillProcessor
		void second(A a) {
		}

		@Override
		public void third(A a) {
		}

	}

	interface Declared {

		@WaterMillProcessor("named")
		void third(A a);

	}

	@Configuration
	static class Config {

		@WaterMillProcessor
		void inConfig(A a) {
		}

	}

	@WaterMillProcessor("scoped")
	@Scope(value = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
	static class ScopedBean {

		void function(A a) {
		}

	}

	record A(long time) {

	}

}
