package dev.watermill.spring.diagnostics;

import org.jspecify.annotations.Nullable;

/**
 * Something is wrong with the configuration of the mills, found before any of them runs.
 *
 * @since 0.1.0
 */
public abstract sealed class MillConfigurationException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String description;

	private final String action;

	private MillConfigurationException(String description, String action, @Nullable Throwable cause) {
		super(description + " " + action, cause);
		this.description = description;
		this.action = action;
	}

	/**
	 * What is wrong.
	 * @return one or several sentences
	 */
	public String getDescription() {
		return this.description;
	}

	/**
	 * What to do about it.
	 * @return one or several sentences
	 */
	public String getAction() {
		return this.action;
	}

	/**
	 * A stream is bound to a place that can't be read, or not written.
	 */
	public static final class InvalidBindingException extends MillConfigurationException {

		private static final long serialVersionUID = 1L;

		/**
		 * Create an exception.
		 * @param description what is wrong
		 * @param action what to do about it
		 */
		public InvalidBindingException(String description, String action) {
			super(description, action, null);
		}

		/**
		 * Create an exception.
		 * @param description what is wrong
		 * @param action what to do about it
		 * @param cause the cause, if there is one
		 */
		public InvalidBindingException(String description, String action, @Nullable Throwable cause) {
			super(description, action, cause);
		}

	}

	/**
	 * Streams can't be joined in the way that was asked for.
	 */
	public static final class InvalidJoinException extends MillConfigurationException {

		private static final long serialVersionUID = 1L;

		/**
		 * Create an exception.
		 * @param description what is wrong
		 * @param action what to do about it
		 */
		public InvalidJoinException(String description, String action) {
			super(description, action, null);
		}

	}

	/**
	 * The expression for a key can't be used.
	 */
	public static final class InvalidKeyExpressionException extends MillConfigurationException {

		private static final long serialVersionUID = 1L;

		/**
		 * Create an exception.
		 * @param description what is wrong
		 * @param action what to do about it
		 */
		public InvalidKeyExpressionException(String description, String action) {
			super(description, action, null);
		}

		/**
		 * Create an exception.
		 * @param description what is wrong
		 * @param action what to do about it
		 * @param cause the cause, if there is one
		 */
		public InvalidKeyExpressionException(String description, String action, @Nullable Throwable cause) {
			super(description, action, cause);
		}

	}

	/**
	 * A mill can't be built.
	 */
	public static final class InvalidMillException extends MillConfigurationException {

		private static final long serialVersionUID = 1L;

		/**
		 * Create an exception.
		 * @param description what is wrong
		 * @param action what to do about it
		 */
		public InvalidMillException(String description, String action) {
			super(description, action, null);
		}

		/**
		 * Create an exception.
		 * @param description what is wrong
		 * @param action what to do about it
		 * @param cause the cause, if there is one
		 */
		public InvalidMillException(String description, String action, @Nullable Throwable cause) {
			super(description, action, cause);
		}

	}

	/**
	 * Nothing says which stream results go to.
	 */
	public static final class InvalidOutputException extends MillConfigurationException {

		private static final long serialVersionUID = 1L;

		/**
		 * Create an exception.
		 * @param description what is wrong
		 * @param action what to do about it
		 */
		public InvalidOutputException(String description, String action) {
			super(description, action, null);
		}

		/**
		 * Create an exception.
		 * @param description what is wrong
		 * @param action what to do about it
		 * @param cause the cause, if there is one
		 */
		public InvalidOutputException(String description, String action, @Nullable Throwable cause) {
			super(description, action, cause);
		}

	}

	/**
	 * A method can't be a processing function.
	 */
	public static final class InvalidProcessorException extends MillConfigurationException {

		private static final long serialVersionUID = 1L;

		/**
		 * Create an exception.
		 * @param description what is wrong
		 * @param action what to do about it
		 */
		public InvalidProcessorException(String description, String action) {
			super(description, action, null);
		}

		/**
		 * Create an exception.
		 * @param description what is wrong
		 * @param action what to do about it
		 * @param cause the cause, if there is one
		 */
		public InvalidProcessorException(String description, String action, @Nullable Throwable cause) {
			super(description, action, cause);
		}

	}

	/**
	 * A property has a value that is not allowed.
	 */
	public static final class InvalidPropertyException extends MillConfigurationException {

		private static final long serialVersionUID = 1L;

		/**
		 * Create an exception.
		 * @param description what is wrong
		 * @param action what to do about it
		 */
		public InvalidPropertyException(String description, String action) {
			super(description, action, null);
		}

		/**
		 * Create an exception.
		 * @param description what is wrong
		 * @param action what to do about it
		 * @param cause the cause, if there is one
		 */
		public InvalidPropertyException(String description, String action, @Nullable Throwable cause) {
			super(description, action, cause);
		}

	}

	/**
	 * A stream can't be cut into windows in the way that was asked for.
	 */
	public static final class InvalidWindowException extends MillConfigurationException {

		private static final long serialVersionUID = 1L;

		/**
		 * Create an exception.
		 * @param description what is wrong
		 * @param action what to do about it
		 */
		public InvalidWindowException(String description, String action) {
			super(description, action, null);
		}

		/**
		 * Create an exception.
		 * @param description what is wrong
		 * @param action what to do about it
		 * @param cause the cause, if there is one
		 */
		public InvalidWindowException(String description, String action, @Nullable Throwable cause) {
			super(description, action, cause);
		}

	}

	/**
	 * Mills are in each other's way, or in their own.
	 */
	public static final class MillConflictException extends MillConfigurationException {

		private static final long serialVersionUID = 1L;

		/**
		 * Create an exception.
		 * @param description what is wrong
		 * @param action what to do about it
		 */
		public MillConflictException(String description, String action) {
			super(description, action, null);
		}

	}

	/**
	 * An argument of a processing function has no bean.
	 */
	public static final class MissingArgumentException extends MillConfigurationException {

		private static final long serialVersionUID = 1L;

		/**
		 * Create an exception.
		 * @param description what is wrong
		 * @param action what to do about it
		 */
		public MissingArgumentException(String description, String action) {
			super(description, action, null);
		}

		/**
		 * Create an exception.
		 * @param description what is wrong
		 * @param action what to do about it
		 * @param cause the cause, if there is one
		 */
		public MissingArgumentException(String description, String action, @Nullable Throwable cause) {
			super(description, action, cause);
		}

	}

	/**
	 * A stream of a mill is bound to no place.
	 */
	public static final class UnboundStreamException extends MillConfigurationException {

		private static final long serialVersionUID = 1L;

		/**
		 * Create an exception.
		 * @param description what is wrong
		 * @param action what to do about it
		 */
		public UnboundStreamException(String description, String action) {
			super(description, action, null);
		}

	}

	/**
	 * Properties are set that do not exist.
	 */
	public static final class UnknownPropertyException extends MillConfigurationException {

		private static final long serialVersionUID = 1L;

		/**
		 * Create an exception.
		 * @param description what is wrong
		 * @param action what to do about it
		 */
		public UnknownPropertyException(String description, String action) {
			super(description, action, null);
		}

	}

	/**
	 * A stream is named that a mill does not have.
	 */
	public static final class UnknownStreamException extends MillConfigurationException {

		private static final long serialVersionUID = 1L;

		/**
		 * Create an exception.
		 * @param description what is wrong
		 * @param action what to do about it
		 */
		public UnknownStreamException(String description, String action) {
			super(description, action, null);
		}

	}

	/**
	 * A property asks for something that does not exist yet.
	 */
	public static final class UnsupportedPropertyException extends MillConfigurationException {

		private static final long serialVersionUID = 1L;

		/**
		 * Create an exception.
		 * @param description what is wrong
		 * @param action what to do about it
		 */
		public UnsupportedPropertyException(String description, String action) {
			super(description, action, null);
		}

	}

}
