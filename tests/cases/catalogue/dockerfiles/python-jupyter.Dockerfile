FROM python:3.12
RUN pip install --no-cache-dir jupyterlab matplotlib scikit-learn
RUN useradd -m jovyan
USER jovyan
WORKDIR /home/jovyan
EXPOSE 8888
CMD ["jupyter", "lab", "--ip=0.0.0.0"]
