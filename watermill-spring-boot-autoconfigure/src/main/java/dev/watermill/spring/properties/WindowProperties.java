package dev.watermill.spring.properties;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.util.StringUtils;

/**
 * How the master is cut into windows.
 *
 * @since 0.1.0
 */
@ConfigurationPropertiesSource
public class WindowProperties {

	/**
	 * Expression for the window's key.
	 */
	private @Nullable String by;

	/**
	 * How long windows are that begin at regular distances: a number in the unit of
	 * number keys, or a duration.
	 */
	private @Nullable String size;

	/**
	 * How far behind the begin of a window the next one begins. Defaults to its size.
	 */
	private @Nullable String step;

	/**
	 * How far behind 0, or the epoch, a window begins.
	 */
	private @Nullable String offset;

	/**
	 * How far apart the elements of a session may be: a number in the unit of number
	 * keys, or a duration.
	 */
	private @Nullable String gap;

	/**
	 * How many elements a window has.
	 */
	private @Nullable Integer count;

	/**
	 * How long after its first element a window closes.
	 */
	private @Nullable Duration every;

	public @Nullable String getBy() {
		return this.by;
	}

	public void setBy(@Nullable String by) {
		this.by = StringUtils.hasText(by) ? by : null;
	}

	public @Nullable String getSize() {
		return this.size;
	}

	public void setSize(@Nullable String size) {
		this.size = StringUtils.hasText(size) ? size : null;
	}

	public @Nullable String getStep() {
		return this.step;
	}

	public void setStep(@Nullable String step) {
		this.step = StringUtils.hasText(step) ? step : null;
	}

	public @Nullable String getOffset() {
		return this.offset;
	}

	public void setOffset(@Nullable String offset) {
		this.offset = StringUtils.hasText(offset) ? offset : null;
	}

	public @Nullable String getGap() {
		return this.gap;
	}

	public void setGap(@Nullable String gap) {
		this.gap = StringUtils.hasText(gap) ? gap : null;
	}

	public @Nullable Integer getCount() {
		return this.count;
	}

	public void setCount(@Nullable Integer count) {
		this.count = count;
	}

	public @Nullable Duration getEvery() {
		return this.every;
	}

	public void setEvery(@Nullable Duration every) {
		this.every = every;
	}

}
