package dev.watermill.spring.mill;

import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContext;

/**
 * Ends an application whose mills are over. A bean of this type replaces the default,
 * which ends the process.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ApplicationExit {

	/**
	 * Close the application and end the process.
	 */
	ApplicationExit SYSTEM = (context, exitCode) -> System.exit(SpringApplication.exit(context, exitCode));

	/**
	 * End the application. Called on a thread of its own.
	 * @param context the application
	 * @param exitCode tells the exit code, as long as the application is not closed
	 */
	void exit(ApplicationContext context, ExitCodeGenerator exitCode);

}
