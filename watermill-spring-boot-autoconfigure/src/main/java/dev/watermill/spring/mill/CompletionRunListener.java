package dev.watermill.spring.mill;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplicationRunListener;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;

/**
 * Lets {@link CompletionExit} hold up the return of {@code SpringApplication.run}. An
 * {@code ApplicationRunner} would do, if it could be sure to be the last one: those
 * without an order come in any. Behind all runners, and behind the listeners that publish
 * that the application accepts traffic, comes who listens to the run itself.
 */
final class CompletionRunListener implements SpringApplicationRunListener, Ordered {

	private final SpringApplication application;

	CompletionRunListener(SpringApplication application) {
		this.application = application;
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void ready(ConfigurableApplicationContext context, @Nullable Duration timeTaken) {
		boolean batch = this.application.getWebApplicationType() == WebApplicationType.NONE
				&& !this.application.isKeepAlive();
		// Not of parents, which were ready before
		for (String name : context.getBeanNamesForType(CompletionExit.class, false, false)) {
			context.getBean(name, CompletionExit.class).ready(Launch.current(batch));
		}
	}

}
