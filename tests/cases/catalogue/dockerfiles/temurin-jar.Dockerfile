FROM eclipse-temurin:21-jre
COPY target/*.jar /opt/app.jar
CMD ["java", "-jar", "/opt/app.jar"]
