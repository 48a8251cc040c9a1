package dev.watermill.spring.test;

import java.util.function.Supplier;

import dev.watermill.spring.mill.internal.MillWorkshop;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Makes what crashes mills. They run in memory then, wherever the streams of the test
 * are.
 */
final class CrashFactory {

	private final ConfigurableListableBeanFactory beanFactory;

	private final StreamPlaces places;

	private final Supplier<JsonMapper> mapper;

	private final MillClock clock;

	CrashFactory(ConfigurableListableBeanFactory beanFactory, StreamPlaces places, Supplier<JsonMapper> mapper,
			MillClock clock) {
		this.beanFactory = beanFactory;
		this.places = places;
		this.mapper = mapper;
		this.clock = clock;
	}

	/**
	 * Make crashes.
	 * @param forgetful the types of other beans than processors that are made anew
	 */
	Crashes of(Given given, Class<?>... forgetful) {
		FreshProcessors processors = new FreshProcessors(this.beanFactory, forgetful);
		MillWorkshop workshop = this.beanFactory.getBean(MillWorkshop.class);
		return new Crashes((steps) -> new CrashTrial(workshop, processors, this.clock, steps,
				new MemoryStreams(this.places, this.mapper, this.clock, steps)), given);
	}

}
