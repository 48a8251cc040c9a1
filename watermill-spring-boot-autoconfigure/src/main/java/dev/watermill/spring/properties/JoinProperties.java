package dev.watermill.spring.properties;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.util.StringUtils;

/**
 * By which keys a stream is joined to its parent, and how far apart these may be.
 *
 * @since 0.1.0
 */
@ConfigurationPropertiesSource
public class JoinProperties {

	/**
	 * Expression for the key of the parent's elements.
	 */
	private @Nullable String left;

	/**
	 * Expression for the key of the stream's elements.
	 */
	private @Nullable String right;

	/**
	 * Expression that has to be equal on both sides of an as-of or within join.
	 */
	private @Nullable String by;

	/**
	 * What has to be equal, of the parent's elements.
	 */
	private @Nullable String byLeft;

	/**
	 * What has to be equal, of the stream's elements.
	 */
	private @Nullable String byRight;

	/**
	 * How far the match of an as-of join may be: a number in the unit of number keys, or
	 * a duration.
	 */
	private @Nullable String tolerance;

	/**
	 * How far before the left key the matches of a within join may be: a number in the
	 * unit of number keys, or a duration.
	 */
	private @Nullable String before;

	/**
	 * How far behind the left key the matches of a within join may be: a number in the
	 * unit of number keys, or a duration.
	 */
	private @Nullable String after;

	public @Nullable String getLeft() {
		return this.left;
	}

	public void setLeft(@Nullable String left) {
		this.left = StringUtils.hasText(left) ? left : null;
	}

	public @Nullable String getRight() {
		return this.right;
	}

	public void setRight(@Nullable String right) {
		this.right = StringUtils.hasText(right) ? right : null;
	}

	public @Nullable String getBy() {
		return this.by;
	}

	public void setBy(@Nullable String by) {
		this.by = StringUtils.hasText(by) ? by : null;
	}

	public @Nullable String getByLeft() {
		return this.byLeft;
	}

	public void setByLeft(@Nullable String byLeft) {
		this.byLeft = StringUtils.hasText(byLeft) ? byLeft : null;
	}

	public @Nullable String getByRight() {
		return this.byRight;
	}

	public void setByRight(@Nullable String byRight) {
		this.byRight = StringUtils.hasText(byRight) ? byRight : null;
	}

	public @Nullable String getTolerance() {
		return this.tolerance;
	}

	public void setTolerance(@Nullable String tolerance) {
		this.tolerance = StringUtils.hasText(tolerance) ? tolerance : null;
	}

	public @Nullable String getBefore() {
		return this.before;
	}

	public void setBefore(@Nullable String before) {
		this.before = StringUtils.hasText(before) ? before : null;
	}

	public @Nullable String getAfter() {
		return this.after;
	}

	public void setAfter(@Nullable String after) {
		this.after = StringUtils.hasText(after) ? after : null;
	}

}
