package dev.watermill.spring.processor.internal;

import java.util.List;

import dev.watermill.delivery.Result;

import org.springframework.core.ResolvableType;

/**
 * What a processing function returns.
 *
 * @param shape the form in which it answers
 * @param asynchronous whether it answers later, by a stage
 * @param type the type of one result, {@link ResolvableType#NONE} if there are none
 * @param outputs the streams that results go to, as far as the signature says; empty if
 * there are no results, or settings have to say it
 * @since 0.1.0
 */
public record ProcessorResults(Result.Shape shape, boolean asynchronous, ResolvableType type,
		List<ProcessorOutput> outputs) {

	/**
	 * Create a description of results.
	 */
	public ProcessorResults {
		outputs = List.copyOf(outputs);
	}

	/**
	 * Whether there are results at all.
	 * @return {@code true} if there are
	 */
	public boolean exist() {
		return this.type != ResolvableType.NONE;
	}

}
